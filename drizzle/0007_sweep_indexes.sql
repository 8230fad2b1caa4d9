CREATE INDEX "outbox_sent_idx" ON "outbox" USING btree ("sent_at") WHERE "outbox"."status" = 'SENT';--> statement-breakpoint
CREATE INDEX "refunds_failed_idx" ON "refunds" USING btree ("settled_at") WHERE "refunds"."status" = 'FAILED';--> statement-breakpoint
CREATE INDEX "sessions_revoked_idx" ON "sessions" USING btree ("revoked_at") WHERE "sessions"."revoked_at" is not null;