CREATE TABLE "product_counts" (
	"category_id" integer NOT NULL,
	"is_organic" boolean NOT NULL,
	"on_sale" boolean NOT NULL,
	"products" integer NOT NULL,
	CONSTRAINT "product_counts_category_id_is_organic_on_sale_pk" PRIMARY KEY("category_id","is_organic","on_sale")
);
--> statement-breakpoint
CREATE TABLE "product_search" (
	"product_id" integer PRIMARY KEY NOT NULL,
	"category_id" integer NOT NULL,
	"title" text NOT NULL,
	"sku" text NOT NULL,
	"document" "tsvector" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_variants" (
	"variant" text NOT NULL,
	"word" text NOT NULL,
	CONSTRAINT "search_variants_variant_word_pk" PRIMARY KEY("variant","word")
);
--> statement-breakpoint
DROP INDEX "products_name_idx";--> statement-breakpoint
ALTER TABLE "product_counts" ADD CONSTRAINT "product_counts_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_search" ADD CONSTRAINT "product_search_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_search" ADD CONSTRAINT "product_search_category_id_categories_id_fk" FOREIGN KEY ("category_id") REFERENCES "public"."categories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_search_document_idx" ON "product_search" USING gin ("document") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "product_search_category_idx" ON "product_search" USING btree ("category_id");--> statement-breakpoint
CREATE INDEX "product_search_title_idx" ON "product_search" USING btree ("title","product_id");--> statement-breakpoint
CREATE INDEX "products_title_idx" ON "products" USING btree (lower("name"),"id") WHERE "products"."is_active";--> statement-breakpoint
CREATE INDEX "products_on_sale_idx" ON "products" USING btree ("updated_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE "products"."is_active" and "products"."old_price" > "products"."price";