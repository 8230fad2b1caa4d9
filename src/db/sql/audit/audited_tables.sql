-- The audited tables: their entity type in the audit log, the columns that are never recorded, the columns that alone do not
-- count as a change, and whether rows are inserted one at a time.
create or replace function audited_tables()
  returns table (name text, entity text, secret text, noise text, inserted_singly boolean) language sql immutable as $$
  values
    ('addresses', 'address', '', 'updated_at', false),
    ('batches', 'batch', '', '', false),
    ('branches', 'branch', '', 'updated_at', false),
    ('categories', 'category', '', 'updated_at', false),
    ('claim_items', 'claim_item', '', '', false),
    ('claims', 'claim', '', '', false),
    ('credit_entries', 'credit_entry', '', '', false),
    ('damage_reports', 'damage_report', '', '', false),
    ('delivery_slots', 'delivery_slot', '', 'updated_at', false),
    ('inventory', 'inventory', '', 'updated_at', false),
    ('order_items', 'order_item', '', '', false),
    ('orders', 'order', '', 'updated_at,units_ordered', true),
    ('payment_tokens', 'payment_token', 'provider_token', 'updated_at', false),
    ('payments', 'payment', '', 'checked_at,check_count', true),
    ('products', 'product', 'name_key,description_key', 'updated_at,rating_average,rating_count', false),
    ('refund_lines', 'refund_line', '', '', false),
    ('refund_requests', 'refund_request', '', '', false),
    ('refunds', 'refund', '', 'attempts,next_attempt_at', false),
    ('reviews', 'review', '', 'updated_at', false),
    ('settings', 'settings', '', 'updated_at,updated_by', false),
    ('stock_requests', 'stock_request', '', '', false),
    ('users', 'user', 'password_hash,name_key', 'updated_at,password_hash', false)
$$;
