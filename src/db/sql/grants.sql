-- What the Worker's role may do. Whatever is not named here it may not.
grant usage on schema public to mami_app;
revoke all on all tables in schema public from mami_app;
grant select, insert, update, delete on all tables in schema public to mami_app;
revoke update, delete on audit_log, stock_movements, order_events from mami_app;
revoke insert, update, delete on inventory, daily_sales, monthly_sales, revenue_quarters from mami_app;
grant insert (product_id, branch_id, reorder_point), update (reorder_point, updated_at) on inventory to mami_app;
revoke delete on users, branches, delivery_slots, categories, products, carts, orders, payment_tokens from mami_app;
grant usage on sequence orders_id_seq to mami_app;
