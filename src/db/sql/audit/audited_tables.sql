-- The audited tables: their entity type in the audit log, the columns that are never recorded, the columns that alone do not
-- count as a change, whether rows are inserted one at a time, and whether thousands of them are updated at once.
create or replace function audited_tables()
  returns table (name text, entity text, secret text, noise text, inserted_singly boolean,
                 updated_in_bulk boolean) language sql immutable as $$
  values
    ('addresses', 'address', '', 'updated_at', false, false),
    ('api_keys', 'api_key', 'key_hash', 'last_used_at', false, false),
    ('batches', 'batch', '', '', false, false),
    ('branches', 'branch', '', 'updated_at', false, false),
    ('categories', 'category', '', 'updated_at', false, false),
    ('claim_items', 'claim_item', '', '', false, false),
    ('claims', 'claim', '', '', false, false),
    ('credit_entries', 'credit_entry', '', '', false, false),
    ('damage_reports', 'damage_report', '', '', false, false),
    ('delivery_slots', 'delivery_slot', '', 'updated_at', false, false),
    ('delivery_zones', 'delivery_zone', 'codes', 'updated_at', false, false),
    ('inventory', 'inventory', '', 'updated_at', false, true),
    ('order_discounts', 'order_discount', '', '', false, false),
    ('order_items', 'order_item', '', '', false, false),
    ('orders', 'order', 'time_zone', 'updated_at,units_ordered', true, false),
    ('payment_attempts', 'payment_attempt', '', 'checked_at', false, false),
    ('payment_tokens', 'payment_token', 'provider_token,provider_customer', 'updated_at', false, false),
    ('payment_voids', 'payment_void', '', 'attempts,next_attempt_at', false, false),
    ('payments', 'payment', '', 'checked_at,check_count', true, false),
    ('products', 'product', 'name_key,description_key', 'updated_at,rating_average,rating_count', false, false),
    ('promotions', 'promotion', '', 'updated_at,used', false, false),
    ('refund_lines', 'refund_line', '', '', false, false),
    ('refund_requests', 'refund_request', '', '', false, false),
    ('refunds', 'refund', '', 'attempts,next_attempt_at', false, false),
    ('reviews', 'review', '', 'updated_at', false, false),
    ('scheduled_prices', 'scheduled_price', 'due_at', 'updated_at', false, true),
    ('settings', 'settings', '', 'updated_at,updated_by', false, false),
    ('slot_exceptions', 'slot_exception', '', '', false, false),
    ('stock_requests', 'stock_request', '', '', false, false),
    ('substitution_proposals', 'substitution_proposal', '', '', false, false),
    ('tax_rates', 'tax_rate', '', '', false, false),
    ('users', 'user', 'password_hash,name_key', 'updated_at,password_hash', false, false)
$$;
