CREATE TABLE "daily_sales" (
	"day" date NOT NULL,
	"product_id" integer NOT NULL,
	"branch_id" integer NOT NULL,
	"units" integer NOT NULL,
	"revenue" numeric(12, 2) NOT NULL,
	CONSTRAINT "daily_sales_key" PRIMARY KEY("day","product_id","branch_id")
);
--> statement-breakpoint
CREATE TABLE "monthly_sales" (
	"month" date NOT NULL,
	"product_id" integer NOT NULL,
	"units" integer NOT NULL,
	"revenue" numeric(12, 2) NOT NULL,
	CONSTRAINT "monthly_sales_key" PRIMARY KEY("month","product_id")
);
--> statement-breakpoint
DROP INDEX "orders_delivered_idx";--> statement-breakpoint
DROP INDEX "refunds_order_idx";--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "units_ordered" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "orders_placed_facts_idx" ON "orders" USING btree ("placed_at","status","units_ordered","delivery_slot_id","delivery_date") WHERE "orders"."placed_at" is not null;--> statement-breakpoint
CREATE INDEX "orders_delivered_idx" ON "orders" USING btree ("delivered_at","id","total_amount") WHERE "orders"."status" = 'DELIVERED';--> statement-breakpoint
CREATE INDEX "refunds_order_idx" ON "refunds" USING btree ("order_id","status","amount");