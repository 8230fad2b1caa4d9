DROP INDEX "product_facets_band_idx";--> statement-breakpoint
DROP INDEX "product_facets_category_idx";--> statement-breakpoint
ALTER TABLE "product_facets" ADD COLUMN "is_stocked" boolean GENERATED ALWAYS AS (-1 = any (scopes)) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "product_facets_band_idx" ON "product_facets" USING btree ("price_band","price","brand_id","dietary","allergens","is_organic","on_sale","is_active","is_stocked");--> statement-breakpoint
CREATE INDEX "product_facets_category_idx" ON "product_facets" USING btree ("category_id","brand_id","price_band","price","dietary","allergens","is_organic","on_sale","is_active","is_stocked","product_id");