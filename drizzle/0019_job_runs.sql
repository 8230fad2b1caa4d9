CREATE TABLE "job_runs" (
	"schedule" text PRIMARY KEY NOT NULL,
	"succeeded_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
-- Not late from the start.
INSERT INTO "job_runs" ("schedule", "succeeded_at") VALUES ('*/5 * * * *', now()), ('0 * * * *', now());
