-- A pooled connection keeps the plan that it made for a change of one row. Joining old and new rows by a nested loop is
-- right for that, and takes half a minute for an import of 10,000 rows.
alter function audit_change() set enable_nestloop = off;
--> statement-breakpoint
-- Planned anew for each file, by the size that the tables have by then.
alter function import_inventory(jsonb) set plan_cache_mode = force_custom_plan;
