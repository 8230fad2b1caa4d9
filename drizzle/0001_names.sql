DROP INDEX "branches_name_key";--> statement-breakpoint
DROP INDEX "categories_name_key";--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "name_key" text GENERATED ALWAYS AS (text_key(name)) STORED;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "description_key" text GENERATED ALWAYS AS (text_key(description)) STORED;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "name_key" text GENERATED ALWAYS AS (text_key(full_name)) STORED;--> statement-breakpoint
CREATE UNIQUE INDEX "branches_name_key" ON "branches" USING btree (text_key("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "categories_name_key" ON "categories" USING btree (text_key("name"),coalesce("parent_id", 0));