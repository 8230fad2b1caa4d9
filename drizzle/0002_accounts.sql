ALTER TABLE "login_throttles" DROP CONSTRAINT "login_throttles_pkey";--> statement-breakpoint
ALTER TABLE "login_throttles" ADD COLUMN "network" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "login_throttles" ADD CONSTRAINT "login_throttles_email_network_pk" PRIMARY KEY("email","network");--> statement-breakpoint
ALTER TABLE "password_resets" ALTER COLUMN "token_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "password_resets" ADD COLUMN "sent_at" timestamp with time zone[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "registration_codes" ADD COLUMN "verified_network" text;--> statement-breakpoint
ALTER TABLE "registration_codes" ADD COLUMN "verification_hash" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "network" text;
