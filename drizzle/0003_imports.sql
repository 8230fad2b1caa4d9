-- Keys of one route know nothing of those of another; the ones there are belong to the checkout.
ALTER TABLE "idempotency_keys" ADD COLUMN "scope" text DEFAULT 'CHECKOUT' NOT NULL;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_scope_known" CHECK ("idempotency_keys"."scope" = any ('{CHECKOUT,INVENTORY_IMPORT}'::text[]));--> statement-breakpoint
ALTER TABLE "idempotency_keys" DROP CONSTRAINT "idempotency_keys_user_id_key_pk";--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_scope_key_pk" PRIMARY KEY("user_id","scope","key");--> statement-breakpoint

-- A row of an inventory file with the product and the branch it means; `refusal` says why it means none.
create type import_row as (row_number integer, product_id integer, branch_id integer, quantity integer, reorder_point integer,
  refusal text);
--> statement-breakpoint

drop function if exists judge_inventory_rows(jsonb), import_inventory(jsonb),
  claim_key(integer, text, text, text, integer, integer), known_key(integer, text);
