ALTER TABLE "refund_lines" ADD COLUMN "deposit" numeric(12, 2);--> statement-breakpoint
ALTER TABLE "refund_lines" ADD COLUMN "is_picked" boolean DEFAULT true NOT NULL;--> statement-breakpoint
-- They take the key of the authorisation as well, null for a Worker that does not name it.
drop function if exists payment_failed(integer, text), record_capture(integer);--> statement-breakpoint
-- It takes the order as well.
drop function if exists coupon_spent(promotions, integer);
