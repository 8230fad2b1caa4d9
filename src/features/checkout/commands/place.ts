import { type SQL, sql } from 'drizzle-orm';
import { type Statement, statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { type Claim, claimKey } from '../idempotency.ts';
import type { ConfirmInput } from '../schemas.ts';
import type { PendingPayment } from '../settle.ts';
import {
  dropHolds,
  fulfillingBranch,
  linesOf,
  lockCart,
  lockSlot,
  lockStock,
  pickupWindow,
  productsOf,
  shownFor,
  slotOf,
  totalsOf,
} from '../terms.ts';

/**
 * First batch of a confirm: claims the key, decides, takes stock and slot, and leaves an order that nobody sees yet with
 * a pending payment.
 * @throws AppError whose `knownKeyOf` is set when the key was used before
 */
export async function place(call: SignedInCall, claim: Claim, terms: ConfirmInput): Promise<PendingPayment> {
  const branchId = fulfillingBranch(call.config, terms);
  const isDelivery = terms.fulfillment_type === 'DELIVERY';
  if (isDelivery && !terms.delivery_slot_id) throw new AppError('SLOT_REQUIRED');
  const way = isDelivery ? slotOf(call.config, terms, branchId) : pickupWindow(call.config);
  const stock = lockStock(terms.cart_id, branchId);
  const statements: Statement[] = [
    ...claimKey(claim),
    lockCart(call, terms.cart_id, branchId),
    checkMeans(call, terms),
    stock,
    ...(isDelivery && terms.delivery_slot_id ? [lockSlot(terms.delivery_slot_id)] : []),
    decide(terms, branchId, way),
    dropHolds(terms.cart_id),
    makeOrder(call, claim, terms, branchId, way),
  ];
  const results = await call.batch<readonly Statement[]>(statements);
  call.touched(productsOf(results[statements.indexOf(stock)]));
  const payment = results.at(-1)?.[0] as PendingPayment | undefined;
  if (!payment) throw new Error('a confirmed cart without an order');
  return payment;
}

/** The payment method must be the caller's and in use; a delivery needs to know where to. */
const checkMeans = (call: SignedInCall, terms: ConfirmInput): Statement =>
  statement(sql`
    select guard(t.id is not null, 'PAYMENT_TOKEN_NOT_FOUND'),
      guard(t.is_active, 'PAYMENT_TOKEN_INACTIVE'),
      guard(${terms.fulfillment_type} = 'PICKUP' or ${terms.address_id ?? null}::int is null
        or ${terms.address ?? null}::text is not null
        or exists (select from addresses where id = ${terms.address_id ?? null}::int and user_id = ${call.user.userId}),
        'ADDRESS_NOT_FOUND'),
      guard(${terms.fulfillment_type} = 'PICKUP' or ${addressOf(call, terms)} is not null, 'ADDRESS_REQUIRED')
    from (select) as always
    left join payment_tokens t on t.id = ${terms.payment_token_id} and t.user_id = ${call.user.userId}`);

/** `address`, else `address_id`, else the default address: as one line. */
const addressOf = (call: SignedInCall, terms: ConfirmInput): SQL => sql`
  coalesce(${terms.address ?? null}::text, (
    select concat_ws(', ', address_line, city || ' ' || postal_code, country) from addresses
    where user_id = ${call.user.userId}
      and case when ${terms.address_id ?? null}::int is null then is_default else id = ${terms.address_id ?? null}::int end))`;

/** Cart, stock and slot are locked: what holds now, holds until the commit. */
const decide = (terms: ConfirmInput, branchId: number, way: SQL): Statement =>
  statement(sql`
    with way as (${way}), totals as (${totalsOf(terms.cart_id, terms)}), missing as (
      select jsonb_agg(jsonb_build_object(
        'product_id', product_id, 'requested_quantity', quantity, 'available_quantity', available) order by id) as items
      from (${linesOf(terms.cart_id, branchId)}) line where available < quantity
    )
    select guard(totals.goods > 0, 'CART_EMPTY'),
      guard(way.window_start is not null, 'INVALID_SLOT'),
      guard(coalesce(way.places_left, 1) > 0, 'SLOT_FULL'),
      guard(missing.items is null, 'INSUFFICIENT_STOCK', jsonb_build_object('missing', missing.items)),
      guard(totals.goods >= totals.minimum_order_total, 'BELOW_MINIMUM_ORDER', jsonb_build_object(
        'minimum_order_total', totals.minimum_order_total::text, 'cart_total', totals.goods::numeric(14, 2)::text))
    from totals
    left join way on true
    cross join missing`);

/** Prices are not locked: the total is judged by the statement that writes it down. */
const makeOrder = (
  call: SignedInCall,
  claim: Claim,
  terms: ConfirmInput,
  branchId: number,
  way: SQL,
): Statement<PendingPayment> => {
  const { cart_id: cartId } = terms;
  const number = orderNumber();
  const address = terms.fulfillment_type === 'DELIVERY' ? addressOf(call, terms) : sql`null::text`;
  return statement(sql`
    with way as (${way}), totals as (${totalsOf(cartId, terms)}), line as (${linesOf(cartId, branchId)}), placed as (
      insert into orders (order_number, user_id, cart_id, fulfillment_type, branch_id, goods_total, delivery_fee,
        total_amount, currency, delivery_address, delivery_slot_id, delivery_date, window_start, window_end)
      select ${number}, ${claim.userId}, ${cartId}, ${terms.fulfillment_type}, ${branchId}, goods, coalesce(delivery_fee, 0),
        total, currency, ${address}, slot_id, delivery_date, window_start, window_end
      from totals, way
      returning id, order_number, user_id, total_amount, currency
    ), lines as (
      insert into order_items (order_id, product_id, name, sku, unit, image_url, unit_price, quantity)
      select placed.id, product_id, name, sku, unit, image_url, price, quantity from placed, line order by line.id
    ), sold as (
      insert into stock_movements (inventory_id, delta, reason, order_id)
      select inventory_id, -quantity, 'SALE', placed.id from placed, line
    ), due as (
      insert into payments (order_id, payment_token_id, provider, idempotency_key, amount, currency, save_as_default)
      select placed.id, t.id, t.provider, order_number, total_amount, currency, ${terms.save_as_default ?? false}
      from placed, payment_tokens t where t.id = ${terms.payment_token_id}
    ), closed as (
      update carts set status = 'CHECKING_OUT', updated_at = now() where id = ${cartId}
    ), claimed as (
      update idempotency_keys set order_id = placed.id from placed
      where idempotency_keys.user_id = ${claim.userId} and key = ${claim.key}
    )
    select placed.id as order_id, order_number, placed.user_id, total_amount as amount, placed.currency,
      t.provider, t.provider_token, order_number as idempotency_key, ${terms.save_as_default ?? false}::boolean as save_as_default,
      guard(totals.total = coalesce(shown.total, totals.total), 'PRICE_CHANGED', jsonb_build_object(
        'previous_total', shown.total::numeric(14, 2)::text, 'total', totals.total::numeric(14, 2)::text))
    from placed, payment_tokens t, totals, lateral (
      select coalesce(${terms.expected_total ?? null}::numeric, (
        select shown_total from carts where id = ${cartId} and shown_for = ${shownFor(terms, branchId)})) as total
    ) shown
    where t.id = ${terms.payment_token_id}`);
};

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Made here, so that the provider can be told of the order by a key that no crash can lose. */
function orderNumber(): string {
  const day = new Date().toISOString().slice(2, 10).replaceAll('-', '');
  const random = [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join('');
  return `MS-${day}-${random}`;
}
