import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { PersonalData } from './schemas.ts';

const HISTORY = 1_000;

/** The rows of a query as a JSON array. */
const rows = (query: SQL): SQL => sql`(select coalesce(json_agg(r), '[]') from (${query}) r)`;

/** All tables in one statement. Instants and amounts inside JSON take their API form in the response schema. */
export async function exportOf(call: SignedInCall) {
  const id = call.user.userId;
  const [found] = await call.batch([
    statement<z.input<typeof PersonalData>>(sql`
      select now() as exported_at,
        (select to_json(p) from (
          select id, email, full_name, phone, role, membership_tier, default_branch_id, substitution_policy, language, password_changed_at, totp_enabled_at,
                 created_at, updated_at from users where id = ${id}) p) as profile,
        ${rows(sql`select id, address_line, city, postal_code, country, is_default, lat, lng, created_at
                   from addresses where user_id = ${id} order by id`)} as addresses,
        ${rows(sql`select id, provider, brand, last4, exp_month, exp_year, is_active, created_at
                   from payment_tokens where user_id = ${id} order by id`)} as payment_methods,
        ${rows(sql`select provider, reference, created_at from provider_customers where user_id = ${id}`)} as provider_accounts,
        ${rows(sql`select id, user_agent, ip, last_used_at, expires_at, revoked_at, created_at
                   from sessions where user_id = ${id} order by id`)} as sessions,
        ${ordersOf(id)} as orders,
        ${rows(sql`select c.id, c.status, (select code from promotions where id = c.coupon_id) as coupon, c.created_at,
                     ${rows(sql`select product_id, quantity, substitution_policy, substitution_ids, created_at
                                from cart_items where cart_id = c.id order by id`)} as items
                   from carts c where c.user_id = ${id} order by c.id`)} as carts,
        ${rows(sql`select product_id, created_at from wishlist_items where user_id = ${id} order by product_id`)} as wishlist,
        ${rows(sql`select l.id, l.name, l.created_at,
                     ${rows(sql`select product_id, quantity from shopping_list_items where list_id = l.id order by product_id`)} as items
                   from shopping_lists l where l.user_id = ${id} order by l.id`)} as lists,
        ${rows(sql`select id, product_id, rating, title, body, verified_purchase, created_at
                   from reviews where user_id = ${id} order by id`)} as reviews,
        ${rows(sql`select id, type, order_id, data as details, read_at, created_at
                   from notifications where user_id = ${id} order by id`)} as notifications,
        ${claimsOf(id)} as claims,
        json_build_object(
          'balances', ${rows(sql`select currency, balance from credit_accounts where user_id = ${id} order by currency`)},
          'entries', ${rows(sql`select amount, balance, currency, kind, reason, order_id, created_at
                                from credit_entries where user_id = ${id} order by id`)}) as credit,
        ${rows(sql`select action, old_value, new_value, created_at from audit_log
                   where entity_type = 'user' and entity_id = ${id} order by created_at desc, id desc limit ${HISTORY}`)}
          as account_history,
        ${workOf(id)} as work`),
  ]);
  return onlyRow(found, 'AUTH_REQUIRED');
}

const ordersOf = (id: number): SQL =>
  rows(sql`
    select o.id, o.order_number, o.status, o.fulfillment_type, o.branch_id, o.total_amount, o.delivery_fee, o.currency,
      o.delivery_address, o.window_start, o.window_end, o.placed_at, o.delivered_at, o.canceled_at, o.created_at,
      ${rows(sql`select product_id, name, sku, quantity, unit_price, substitution_policy, substitution_ids, picked_status, picked_quantity, picked_grams,
                   replacement_name from order_items where order_id = o.id order by id`)} as items,
      ${rows(sql`select order_item_id, product_id, quantity, status, expires_at, answered_at, created_at
                 from substitution_proposals where order_id = o.id order by id`)} as proposals,
      ${rows(sql`select status, total, difference, before, after, created_at, confirmed_at
                 from order_amendments where order_id = o.id order by id`)} as amendments,
      ${rows(sql`select promotion_id, name, amount from order_discounts where order_id = o.id order by position`)} as discounts,
      ${rows(sql`select provider, reference, status, amount, credit_amount, created_at
                 from payments where order_id = o.id order by id`)} as payments,
      ${rows(sql`select amount, credit_amount, reason, status, created_at
                 from refunds where order_id = o.id order by id`)} as refunds,
      ${rows(sql`select serial, year, issued_at, customer_name, total from receipts where order_id = o.id`)} as receipts
    from orders o where o.user_id = ${id} order by o.id`);

const claimsOf = (id: number): SQL =>
  rows(sql`
    select c.id, c.order_id, c.wanted, c.status, c.amount, c.approved_amount, c.note, c.created_at,
      ${rows(sql`select order_item_id, quantity, problem, note from claim_items where claim_id = c.id order by id`)} as items
    from claims c where c.user_id = ${id} order by c.id`);

/** What a member of staff asked for and reported. */
const workOf = (id: number): SQL => sql`
  json_build_object(
    'stock_requests', ${rows(sql`select id, branch_id, product_id, quantity, reason, status, created_at
                                 from stock_requests where actor_user_id = ${id} order by id`)},
    'damage_reports', ${rows(sql`select id, order_item_id, reason, notes, created_at
                                 from damage_reports where reported_by = ${id} order by id`)},
    'refund_requests', ${rows(sql`select id, order_id, amount, reason, status, created_at
                                  from refund_requests where requested_by = ${id} order by id`)},
    'batches', ${rows(sql`select id, status, created_at from batches where created_by = ${id} order by id`)},
    'api_keys', ${rows(sql`select id, name, revoked_at, created_at from api_keys where created_by = ${id} order by id`)})`;
