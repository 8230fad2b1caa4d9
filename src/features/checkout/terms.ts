import { type SQL, sql } from 'drizzle-orm';
import type { Config } from '../../config.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { BOOKING_DAYS } from '../branches/booking.ts';
import { IS_OPEN } from '../cart/queries.ts';
import type { PreviewInput } from './schemas.ts';

/** The branch that fulfils: the customer's choice for pickup, the delivery source branch otherwise. */
export function fulfillingBranch(config: Config, terms: PreviewInput): number {
  if (terms.fulfillment_type === 'DELIVERY') return config.deliverySourceBranchId;
  if (!terms.branch_id) throw new AppError('BRANCH_REQUIRED');
  return terms.branch_id;
}

/** What a shown total was shown for: it counts until this changes. */
export const shownFor = (terms: PreviewInput, branchId: number): string => `${terms.fulfillment_type}:${branchId}`;

/** Locks the caller's open cart and refuses what no checkout can go on with. */
export const lockCart = (call: SignedInCall, cartId: number, branchId: number): Statement =>
  statement(sql`
    select guard(c.id is not null, 'NOT_FOUND', '{"resource": "cart"}'),
      guard(exists (select from branches where id = ${branchId} and is_active), 'NOT_FOUND', '{"resource": "branch"}'),
      guard(c.status = 'ACTIVE', 'CHECKOUT_IN_PROGRESS')
    from (select) as always
    left join (
      select id, status from carts where id = ${cartId} and user_id = ${call.user.userId} and ${IS_OPEN} for update
    ) c on true`);

/** Locks the stock that decides on a cart, in the one order everybody locks it. */
export const lockStock = (cartId: number, branchId: number): Statement =>
  statement(sql`
    select i.product_id from inventory i join cart_items ci on ci.product_id = i.product_id
    where ci.cart_id = ${cartId} and i.branch_id = ${branchId}
    order by i.id for update of i`);

/** The products whose stock was locked. */
export const productsOf = (rows: unknown[] = []): number[] =>
  (rows as { product_id: number }[]).map(({ product_id }) => product_id);

/** Locks a slot: for bookings of all its dates, and against a change of its capacity. */
export const lockSlot = (slotId: number): Statement =>
  statement(sql`select id from delivery_slots where id = ${slotId} for no key update`);

/** Ends the hold of a cart: it is renewed, or becomes an order. */
export const dropHolds = (cartId: number): Statement =>
  statement(sql`
    with lines as (delete from hold_lines where cart_id = ${cartId})
    delete from slot_holds where cart_id = ${cartId}`);

/** One row for each line of a cart: what it wants, what it can get at the branch. */
export const linesOf = (cartId: number, branchId: number): SQL =>
  sql`select * from cart_lines(${cartId}::int, ${branchId}::int)`;

/** What the whole cart costs now: goods, delivery_fee (null for pickup), total, minimum, currency. */
export const totalsOf = (cartId: number, terms: PreviewInput): SQL =>
  sql`select * from cart_totals(${cartId}::int, ${terms.fulfillment_type})`;

/** The slot on its date, with what others left of it: no row when the shop cannot deliver then. */
export const slotOf = (config: Config, terms: PreviewInput, branchId: number): SQL => sql`
  select * from slot_window(${terms.delivery_slot_id ?? null}::int, ${branchId}::int, ${terms.delivery_date ?? null}::date,
    ${terms.cart_id}::int, ${BOOKING_DAYS}::int, ${config.timeZone})`;

/** Two service hours for a pickup. */
export const pickupWindow = (config: Config): SQL => sql`
  select null::int as slot_id, null::date as delivery_date, w.start as window_start,
    w.start + interval '2 hours' as window_end, null::int as places_left
  from settings s, lateral (select pickup_starts_at(s.opens_at, s.closes_at, ${config.timeZone}) as start) w`;
