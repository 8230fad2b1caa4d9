CREATE TABLE "product_facets" (
	"product_id" integer PRIMARY KEY NOT NULL,
	"category_id" integer NOT NULL,
	"brand_id" integer,
	"price_band" integer NOT NULL,
	"dietary" integer NOT NULL,
	"allergens" integer NOT NULL,
	"is_organic" boolean NOT NULL,
	"on_sale" boolean NOT NULL,
	"is_active" boolean NOT NULL,
	"price" numeric(12, 2) NOT NULL,
	"scopes" integer[] NOT NULL
);
--> statement-breakpoint
DROP INDEX "product_search_category_brand_idx";--> statement-breakpoint
DROP INDEX "product_search_band_idx";--> statement-breakpoint
ALTER TABLE "product_facets" ADD CONSTRAINT "product_facets_product_id_product_search_product_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."product_search"("product_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_facets_band_idx" ON "product_facets" USING btree ("price_band","price");--> statement-breakpoint
CREATE INDEX "product_facets_category_idx" ON "product_facets" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "product_facets_brand_idx" ON "product_facets" USING btree ("brand_id");
--> statement-breakpoint
-- By hand from here. Room in each page for the new version of a row whose scopes change.
ALTER TABLE "product_facets" SET (fillfactor = 80);--> statement-breakpoint
INSERT INTO "product_facets" ("product_id", "category_id", "brand_id", "price_band", "dietary", "allergens", "is_organic", "on_sale", "is_active", "price", "scopes")
  SELECT product_id, category_id, brand_id, price_band, dietary, allergens, is_organic, on_sale, is_active, price, scopes FROM "product_search" ORDER BY product_id;--> statement-breakpoint
-- Replaced by one that takes whether it is a dry run.
DROP FUNCTION IF EXISTS apply_products(jsonb);
