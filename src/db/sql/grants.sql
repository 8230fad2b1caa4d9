-- The rights of the Worker's role: exactly the verbs, on exactly the columns, that some statement of the Worker uses.
-- test/least-privilege.test.ts compares both directions. Columns that only triggers write as the owner (the sums of sales,
-- on_hand once the row is there) are not listed.
grant usage on schema public to mami_app;
revoke all on all tables in schema public from mami_app;
revoke all on all sequences in schema public from mami_app;
grant select on all tables in schema public to mami_app;
grant usage on sequence orders_id_seq to mami_app;

-- People
grant insert (email, password_hash, full_name, phone, role, default_branch_id),
  update (password_hash, full_name, phone, substitution_policy, role, is_active, default_branch_id, language, password_changed_at,
    totp_enabled_at, erase_after, updated_at) on users to mami_app;
grant insert (user_id, user_agent, ip, network, expires_at),
  update (refresh_generation, rotations, last_used_at, expires_at, revoked_at), delete on sessions to mami_app;
grant insert (user_id, secret), update (secret, last_step, last_used_at), delete on totp_secrets to mami_app;
grant insert (user_id, code_hash), update (used_at), delete on totp_recovery_codes to mami_app;
grant insert (name, key_hash, hint, scopes, branch_id, expires_at, created_by), update (last_used_at, revoked_at)
  on api_keys to mami_app;
grant insert (email, network, failed_at), update (failed_at, lock_count, locked_until, updated_at), delete
  on login_throttles to mami_app;
grant insert (user_id, token_hash, expires_at, sent_at), update (token_hash, expires_at, sent_at), delete
  on password_resets to mami_app;
grant insert (email, code_hash, sent_at, expires_at),
  update (code_hash, sent_at, expires_at, attempts, verified_at, verified_network, verification_hash), delete
  on registration_codes to mami_app;
grant insert (user_id, address_line, city, postal_code, country, is_default, lat, lng),
  update (address_line, city, postal_code, country, is_default, lat, lng, updated_at), delete on addresses to mami_app;
grant insert (user_id, provider, provider_token, provider_customer, brand, last4, exp_month, exp_year, is_default),
  update (is_default, is_active, updated_at) on payment_tokens to mami_app;
grant insert (user_id, provider, reference), update (reference) on provider_customers to mami_app;
grant insert (user_id, product_id), delete on wishlist_items to mami_app;
grant insert (user_id, name), update (name, updated_at), delete on shopping_lists to mami_app;
grant insert (list_id, product_id, quantity, position, unit_price), update (quantity, position), delete
  on shopping_list_items to mami_app;
grant insert (user_id, type, order_id, data), update (read_at) on notifications to mami_app;

-- Jobs
grant insert, update (succeeded_at) on job_runs to mami_app;

-- Catalogue, branches, settings
grant insert (name, sku, price, old_price, unit, nutritional_info, is_organic, bin_location, image_url, description, category_id,
    tax_class, deposit, sold_by, price_per_kg, nominal_grams, weight_tolerance_percent, net_content_amount, net_content_unit,
    allergens, may_contain, dietary, age_restricted, brand, barcode, translations, is_active),
  update (name, sku, price, old_price, unit, nutritional_info, is_organic, bin_location, image_url, description, category_id,
    tax_class, deposit, sold_by, price_per_kg, nominal_grams, weight_tolerance_percent, net_content_amount, net_content_unit,
    allergens, may_contain, dietary, age_restricted, brand, barcode, translations,
    is_active, rating_average, rating_count, updated_at) on products to mami_app;
grant insert (product_id, price, old_price, starts_at, ends_at),
  update (price, old_price, starts_at, ends_at, status, price_before, old_price_before, updated_at), delete
  on scheduled_prices to mami_app;
grant insert (name, icon_slug, description, parent_id, translations),
  update (name, icon_slug, description, parent_id, translations, is_active, updated_at)
  on categories to mami_app;
grant insert (product_id, user_id, rating, title, body, verified_purchase),
  update (rating, title, body, verified_purchase, created_at, updated_at) on reviews to mami_app;
grant insert (product_id, category_id, scopes, price, price_band, is_organic, on_sale, rating, updated_at, is_active, title, sku,
    brand_id, dietary, allergens, document),
  update (category_id, scopes, price, price_band, is_organic, on_sale, rating, updated_at, is_active, title, sku,
    brand_id, dietary, allergens, document)
  on product_search to mami_app;
grant insert (product_id, category_id, brand_id, price_band, dietary, allergens, is_organic, on_sale, is_active, price, scopes),
  update (category_id, brand_id, price_band, dietary, allergens, is_organic, on_sale, is_active, price, scopes)
  on product_facets to mami_app;
grant insert (scope, category_id, is_organic, on_sale, price_band, dietary, allergens, products), update (products)
  on product_counts to mami_app;
grant insert (scope, category_id, is_organic, on_sale, products), update (products) on category_counts to mami_app;
grant insert (scope, brand_id, is_organic, on_sale, dietary, allergens, products), update (products) on brand_counts to mami_app;
grant insert (scope, brand_id, price_band, products), update (products) on brand_price_counts to mami_app;
grant insert (name), update (name) on brands to mami_app;
grant insert (words, phrases), delete on search_synonyms to mami_app;
grant insert (variant, word) on search_variants to mami_app;
grant insert (word) on search_lexemes to mami_app;
grant insert (name, address, translations), update (name, address, translations, is_active, updated_at) on branches to mami_app;
grant insert (branch_id, day_of_week, start_time, end_time, capacity, cutoff_minutes, cutoff_day_before, fee),
  update (branch_id, day_of_week, start_time, end_time, capacity, cutoff_minutes, cutoff_day_before, fee, is_active, updated_at)
  on delivery_slots to mami_app;
grant insert (branch_id, date, slot_id, closed, capacity, reason), delete on slot_exceptions to mami_app;
grant insert (name, postal_codes, codes, fee, minimum, branch_id),
  update (name, postal_codes, codes, fee, minimum, branch_id, updated_at), delete on delivery_zones to mami_app;
grant update (delivery_min, delivery_fee, minimum_order_total, opens_at, closes_at, currency, refund_approval_over,
    claim_hours, claim_auto_approve_under, payment_mode, authorization_margin_percent, weight_overage, proposal_minutes, seller_name,
    seller_address, seller_tax_id, receipt_language, require_zone, require_staff_totp, branch_scoped_staff, updated_at, updated_by)
  on settings to mami_app;

-- Stock: on_hand changes only by movements; a row that is inserted with stock writes its first one
grant insert (product_id, branch_id, on_hand, reorder_point), update (reorder_point, updated_at) on inventory to mami_app;
grant insert (inventory_id, delta, reason, note, order_id, stock_request_id) on stock_movements to mami_app;
grant insert (branch_id, product_id, quantity, request_type, reason, actor_user_id),
  update (status, approved_quantity, rejection_reason, reviewed_by, reviewed_at) on stock_requests to mami_app;
-- Deleted rows are locked first, which requires the right to update a column.
grant insert (inventory_id, cart_id, quantity, expires_at), update (expires_at), delete on hold_lines to mami_app;
grant insert (cart_id, slot_id, delivery_date, expires_at), update (expires_at), delete on slot_holds to mami_app;

-- Carts, orders, money
grant insert (user_id, status, hold_began_at, held_until),
  update (status, shown_total, shown_currency, shown_for, shown_minimum, shown_zone_id, shown_slot_id, shown_date, hold_began_at, held_until, coupon_id, updated_at)
  on carts to mami_app;
grant insert (cart_id, product_id, quantity),
  update (quantity, kept_price, kept_until, substitution_policy, substitution_ids), delete on cart_items to mami_app;
grant insert (user_id, scope, key, fingerprint, attempt, leased_until, order_id),
  update (fingerprint, attempt, leased_until, order_id, response_status, response_body, created_at), delete
  on idempotency_keys to mami_app;
grant insert (id, order_number, user_id, cart_id, fulfillment_type, branch_id, goods_total, delivery_fee, deposit_total, total_amount,
    currency, units_ordered, delivery_address, delivery_zone_id, delivery_slot_id, delivery_date, window_start, window_end, time_zone),
  update (status, cart_id, status_before_delay, placed_at, delivered_at, canceled_at, updated_at) on orders to mami_app;
grant insert (order_id, product_id, name, sku, unit, image_url, unit_price, quantity, discount, tax_class, deposit,
    price_per_kg, nominal_grams, weight_tolerance_percent, overage_percent, substitution_policy, substitution_ids, age_restricted),
  update (substitution_policy, substitution_ids, picked_status, picked_quantity, picked_grams, override_reason, picked_as_of,
    picked_reason, picked_by, picked_at, replacement_product_id, replacement_name, replacement_unit_price,
    replacement_sku, replacement_tax_class, replacement_deposit, replacement_price_per_kg, replacement_nominal_grams,
    replacement_tolerance_percent)
  on order_items to mami_app;
-- The uses of a promotion are counted by triggers alone
grant insert (name, kind, value, take, pay, bundle_price, code, starts_at, ends_at, branch_ids, product_ids, category_ids, tiers,
    minimum_total, limit_total, limit_per_customer, priority, stacking_group, is_active),
  update (name, value, take, pay, bundle_price, code, starts_at, ends_at, branch_ids, product_ids, category_ids, tiers, minimum_total,
    limit_total, limit_per_customer, priority, stacking_group, is_active, updated_at) on promotions to mami_app;
grant insert (order_id, promotion_id, user_id, name, amount, position), update (released_at) on order_discounts to mami_app;
grant insert (order_id, status, at) on order_events to mami_app;
grant insert (order_id, payment_token_id, provider, idempotency_key, amount, margin_amount, credit_amount, currency, mode, save_as_default),
  update (status, reference, decline_reason, capture_amount, capture_due_at, released_amount, capture_before, action_expires_at,
    disputed_at, refunded_amount, refunded_credit, checked_at, check_count, captured_at) on payments to mami_app;
grant insert (payment_id, payment_token_id, provider, idempotency_key, amount, request_key, amendment_id),
  update (status, reference, decline_reason, action_expires_at, checked_at) on payment_attempts to mami_app;
grant insert (payment_id, provider, reference, idempotency_key),
  update (status, failure_reason, attempts, next_attempt_at, settled_at) on payment_voids to mami_app;
grant insert (provider, event_id, type, reference), update (received_at), delete on payment_events to mami_app;
grant insert (order_id, payment_id, order_item_id, amount, credit_amount, shares, reason, status, settled_at),
  update (status, reference, failure_reason, attempts, next_attempt_at, settled_at) on refunds to mami_app;
-- A balance changes by entries alone
grant insert (user_id, currency, amount, kind, reason, order_id, refund_id) on credit_entries to mami_app;
grant insert (order_id, amount, items, target, reason, requested_by), update (status, refund_id, decided_by, decided_at)
  on refund_requests to mami_app;
grant insert (refund_id, order_item_id, quantity, amount, deposit, is_picked) on refund_lines to mami_app;
grant insert (order_id, user_id, wanted, amount),
  update (status, approved_amount, is_automatic, note, refund_id, decided_by, decided_at) on claims to mami_app;
grant insert (claim_id, order_item_id, quantity, problem, note), update (approved_quantity) on claim_items to mami_app;

-- What was bought changes by apply_amendment alone
grant insert (order_id, order_version, plan, total, difference, missing_items, expires_at), update (status, closed_reason, refund_id)
  on order_amendments to mami_app;

-- Written by triggers; lines count as changes of their order
grant insert (type, entity_type, entity_id, version, order_id, branch_id, data) on events to mami_app;
grant update (version) on orders to mami_app;

-- Who is told of events
grant update (xid, number) on event_cursors to mami_app;
grant insert (url, events, secret, is_active), update (url, events, is_active, secret, previous_secret, previous_secret_until, since, disabled_at,
  disabled_reason, updated_at), delete on webhooks to mami_app;
grant insert (webhook_id, event_id, type, payload),
  update (status, attempts, next_attempt_at, response_status, last_error, settled_at), delete on webhook_deliveries to mami_app;

-- Shop floor, mail, audit
grant insert (created_by), update (status, completed_at) on batches to mami_app;
grant insert (batch_id, order_id), update (is_open) on batch_orders to mami_app;
grant insert (order_id, order_item_id, product_id, quantity, unit_price, expires_at, created_by), update (status, answered_at)
  on substitution_proposals to mami_app;
grant insert (op_id, order_item_id, at, is_superseded) on pick_operations to mami_app;
grant insert (order_item_id, reason, notes, quantity, reported_by) on damage_reports to mami_app;
grant insert (kind, payload, status, attempts, next_attempt_at, sent_at),
  update (status, payload, attempts, next_attempt_at, last_error, sent_at), delete on outbox to mami_app;
grant insert (entity_type, entity_id, action, old_value, new_value, context, actor_user_id) on audit_log to mami_app;

-- Below the Worker's own timeout (DATABASE_TIMEOUT_MS, 10 s), so that PostgreSQL gives up first and rolls back.
alter role mami_app set statement_timeout = '9s';
alter role mami_app set lock_timeout = '8s';
-- Counts each month by itself: without this, every row of a count passes through one more node of the plan.
alter role mami_app set enable_partitionwise_aggregate = on;
