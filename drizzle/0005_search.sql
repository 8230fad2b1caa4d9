CREATE TABLE "search_state" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"functions_hash" text NOT NULL,
	CONSTRAINT "search_state_one_row" CHECK ("search_state"."id")
);
--> statement-breakpoint
DROP INDEX "product_search_category_title_idx";--> statement-breakpoint
CREATE INDEX "product_search_name_idx" ON "product_search" USING btree ("title" collate "und-x-icu","product_id","category_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_category_name_idx" ON "product_search" USING btree ("category_id","title" collate "und-x-icu","product_id") WHERE "product_search"."is_active";