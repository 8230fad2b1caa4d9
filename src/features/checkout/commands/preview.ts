import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import type { Preview, PreviewInput } from '../schemas.ts';
import {
  dropHolds,
  fulfillingBranch,
  linesOf,
  lockCart,
  lockSlot,
  lockStock,
  productsOf,
  shownFor,
  slotOf,
  totalsOf,
} from '../terms.ts';

type PreviewRow = z.input<typeof Preview>;

/** Takes or renews the cart's hold, as far as stock and slot go, and remembers the total it shows. */
export async function preview(call: SignedInCall, terms: PreviewInput): Promise<PreviewRow> {
  const branchId = fulfillingBranch(call.config, terms);
  const slotId = terms.fulfillment_type === 'DELIVERY' ? terms.delivery_slot_id : undefined;
  const stock = lockStock(terms.cart_id, branchId);
  const statements: Statement[] = [
    lockCart(call, terms.cart_id, branchId),
    stock,
    ...(slotId ? [lockSlot(slotId)] : []),
    dropHolds(terms.cart_id),
    holdStock(call, terms.cart_id, branchId),
    ...(slotId ? [holdSlot(call, terms, branchId)] : []),
    showTotals(call, terms, branchId),
  ];
  const results = await call.batch<readonly Statement[]>(statements);
  call.touched(productsOf(results[statements.indexOf(stock)]));
  return results.at(-1)?.[0] as PreviewRow;
}

const expiry = (call: SignedInCall) => sql`now() + make_interval(mins => ${call.config.reservationMinutes}::int)`;

/** Missing stock never refuses: what there is, is held. */
const holdStock = (call: SignedInCall, cartId: number, branchId: number): Statement =>
  statement(sql`
    insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
    select inventory_id, ${cartId}, least(quantity, available), ${expiry(call)}
    from (${linesOf(cartId, branchId)}) line where available > 0`);

/** A full slot is not held and not refused either; an impossible one is. */
const holdSlot = (call: SignedInCall, terms: PreviewInput, branchId: number): Statement =>
  statement(sql`
    with slot as (${slotOf(call.config, terms, branchId)}), held as (
      insert into slot_holds (cart_id, slot_id, delivery_date, expires_at)
      select ${terms.cart_id}, slot_id, delivery_date, ${expiry(call)} from slot
      where coalesce(places_left, 1) > 0
    )
    select guard(exists (select from slot), 'INVALID_SLOT')`);

const showTotals = (call: SignedInCall, terms: PreviewInput, branchId: number): Statement<PreviewRow> => {
  const cartId = terms.cart_id;
  return statement(sql`
    with totals as (${totalsOf(cartId, terms)}), shown as (
      update carts set shown_total = totals.total, shown_for = ${shownFor(terms, branchId)} from totals
      where carts.id = ${cartId}
    )
    select ${expiry(call)} as reserved_until,
      exists (select from slot_holds where cart_id = ${cartId}) as slot_held,
      goods::numeric(14, 2) as cart_total, delivery_fee::numeric(14, 2) as delivery_fee, total::numeric(14, 2) as total_amount,
      currency, ${terms.fulfillment_type} as fulfillment_type,
      ${chosenDate(call, terms, branchId)} as delivery_date, guard(goods > 0, 'CART_EMPTY'),
      (select coalesce(json_agg(json_build_object(
          'product_id', ci.product_id, 'requested_quantity', ci.quantity, 'available_quantity', coalesce(h.quantity, 0)
        ) order by ci.id), '[]')
       from cart_items ci
       left join inventory i on i.product_id = ci.product_id and i.branch_id = ${branchId}
       left join hold_lines h on h.inventory_id = i.id and h.cart_id = ci.cart_id
       where ci.cart_id = ${cartId} and coalesce(h.quantity, 0) < ci.quantity) as missing_items
    from totals`);
};

const chosenDate = (call: SignedInCall, terms: PreviewInput, branchId: number) =>
  terms.fulfillment_type === 'DELIVERY'
    ? sql`coalesce((select delivery_date from (${slotOf(call.config, terms, branchId)}) slot), ${terms.delivery_date ?? null}::date)`
    : sql`null::date`;
