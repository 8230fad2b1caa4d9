ALTER TABLE "carts" ADD COLUMN "shown_currency" text;--> statement-breakpoint
ALTER TABLE "carts" ADD COLUMN "hold_began_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "carts" ADD COLUMN "held_until" timestamp with time zone;--> statement-breakpoint

drop function if exists change_cart(integer, text, integer, integer, integer, integer, integer),
  preview_checkout(integer, integer, text, integer, integer, date, integer, integer, text);
