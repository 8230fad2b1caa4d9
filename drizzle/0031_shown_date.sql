ALTER TABLE "carts" ADD COLUMN "shown_slot_id" integer;--> statement-breakpoint
ALTER TABLE "carts" ADD COLUMN "shown_date" date;