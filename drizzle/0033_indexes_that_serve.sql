DROP INDEX "carts_user_idx";--> statement-breakpoint
DROP INDEX "orders_cart_idx";--> statement-breakpoint
DROP INDEX "orders_all_of_user_idx";--> statement-breakpoint
DROP INDEX "orders_all_of_slot_idx";--> statement-breakpoint
DROP INDEX "orders_placed_facts_idx";--> statement-breakpoint
DROP INDEX "payments_token_idx";--> statement-breakpoint
DROP INDEX "product_search_category_idx";--> statement-breakpoint
DROP INDEX "orders_placed_idx";--> statement-breakpoint
CREATE INDEX "product_search_organic_price_idx" ON "product_search" USING btree ("price","product_id","category_id") WHERE "product_search"."is_active" and "product_search"."is_organic";--> statement-breakpoint
CREATE INDEX "product_search_category_sale_idx" ON "product_search" USING btree ("category_id","price","product_id") WHERE "product_search"."is_active" and "product_search"."on_sale";--> statement-breakpoint
CREATE INDEX "product_search_category_idx" ON "product_search" USING btree ("category_id","updated_at","product_id") WHERE "product_search"."is_active";--> statement-breakpoint
CREATE INDEX "orders_placed_idx" ON "orders" USING btree ("placed_at","id","status","units_ordered","delivery_slot_id","delivery_date") WHERE "orders"."placed_at" is not null;