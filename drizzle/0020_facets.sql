CREATE TABLE "brand_price_counts" (
	"scope" integer NOT NULL,
	"brand_id" integer NOT NULL,
	"price_band" integer NOT NULL,
	"products" integer NOT NULL,
	CONSTRAINT "brand_price_counts_pk" PRIMARY KEY("scope","brand_id","price_band")
);
--> statement-breakpoint
DROP INDEX "product_search_brand_idx";--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "translated_texts" text GENERATED ALWAYS AS (translated_texts(translations)) STORED;--> statement-breakpoint
ALTER TABLE "brand_price_counts" ADD CONSTRAINT "brand_price_counts_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_search_category_brand_idx" ON "product_search" USING btree ("category_id","brand_id","price_band","price","dietary","allergens","is_organic","on_sale") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "product_search_brand_idx" ON "product_search" USING btree ("brand_id","price_band","price","category_id","dietary","allergens","is_organic","on_sale") WHERE "product_search"."is_active";--> statement-breakpoint
INSERT INTO "brand_price_counts" ("scope", "brand_id", "price_band", "products")
  SELECT scope, brand_id, price_band, count(*) FROM "product_search", unnest(scopes) scope WHERE brand_id IS NOT NULL GROUP BY 1, 2, 3;
