ALTER TABLE "idempotency_keys" ADD COLUMN "attempt" text NOT NULL;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "save_as_default" boolean DEFAULT false NOT NULL;