DROP INDEX "product_search_updated_idx";--> statement-breakpoint
DROP INDEX "product_search_price_idx";--> statement-breakpoint
DROP INDEX "product_search_title_idx";--> statement-breakpoint
DROP INDEX "product_search_rating_idx";--> statement-breakpoint
CREATE INDEX "product_search_updated_idx" ON "product_search" USING btree ("updated_at","product_id","category_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_price_idx" ON "product_search" USING btree ("price","product_id","category_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_title_idx" ON "product_search" USING btree ("title","product_id","category_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_rating_idx" ON "product_search" USING btree ("rating","product_id","category_id") WHERE "product_search"."is_active";