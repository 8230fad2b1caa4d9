CREATE TABLE "category_counts" (
	"scope" integer NOT NULL,
	"category_id" integer NOT NULL,
	"is_organic" boolean NOT NULL,
	"on_sale" boolean NOT NULL,
	"products" integer NOT NULL,
	CONSTRAINT "category_counts_pk" PRIMARY KEY("scope","category_id","is_organic","on_sale")
);
--> statement-breakpoint
DROP INDEX "product_search_title_idx";--> statement-breakpoint
CREATE INDEX "product_search_title_idx" ON "product_search" USING btree ("title" collate "C","product_id","category_id") WHERE "product_search"."is_active";
--> statement-breakpoint
-- Nobody may be inside the former list_products, which would not count here.
LOCK TABLE "branches", "inventory", "products" IN SHARE MODE;--> statement-breakpoint
INSERT INTO "category_counts" ("scope", "category_id", "is_organic", "on_sale", "products")
  SELECT scope, category_id, is_organic, on_sale, sum(products) FROM "product_counts" GROUP BY 1, 2, 3, 4;
