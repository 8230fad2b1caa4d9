-- Derived from the products: filled anew by the migration that follows.
truncate product_search, product_counts;--> statement-breakpoint
ALTER TABLE "product_counts" DROP CONSTRAINT "product_counts_category_id_categories_id_fk";
--> statement-breakpoint
DROP INDEX "products_updated_idx";--> statement-breakpoint
DROP INDEX "products_on_sale_idx";--> statement-breakpoint
DROP INDEX "products_price_idx";--> statement-breakpoint
DROP INDEX "products_title_idx";--> statement-breakpoint
DROP INDEX "products_rating_idx";--> statement-breakpoint
DROP INDEX "product_search_category_idx";--> statement-breakpoint
DROP INDEX "product_search_title_idx";--> statement-breakpoint
ALTER TABLE "product_counts" DROP CONSTRAINT "product_counts_category_id_is_organic_on_sale_pk";--> statement-breakpoint
ALTER TABLE "product_search" ALTER COLUMN "document" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "product_counts" ADD COLUMN "scope" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "product_counts" ADD COLUMN "price_band" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "scopes" integer[] NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "price" numeric(12, 2) NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "price_band" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "is_organic" boolean NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "on_sale" boolean NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "rating" numeric(3, 2) NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "updated_at" timestamp with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "product_search" ADD COLUMN "is_active" boolean NOT NULL;--> statement-breakpoint
CREATE INDEX "product_search_updated_idx" ON "product_search" USING btree ("updated_at","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_price_idx" ON "product_search" USING btree ("price","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_rating_idx" ON "product_search" USING btree ("rating","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_sale_idx" ON "product_search" USING btree ("updated_at","product_id") WHERE "product_search"."is_active" and "product_search"."on_sale";--> statement-breakpoint
CREATE INDEX "product_search_category_price_idx" ON "product_search" USING btree ("category_id","price","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_category_title_idx" ON "product_search" USING btree ("category_id","title","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_category_rating_idx" ON "product_search" USING btree ("category_id","rating","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_band_idx" ON "product_search" USING btree ("price_band","price") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_category_idx" ON "product_search" USING btree ("category_id","updated_at","product_id");--> statement-breakpoint
CREATE INDEX "product_search_title_idx" ON "product_search" USING btree ("title","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
ALTER TABLE "product_counts" ADD CONSTRAINT "product_counts_scope_category_id_is_organic_on_sale_price_band_pk" PRIMARY KEY("scope","category_id","is_organic","on_sale","price_band");