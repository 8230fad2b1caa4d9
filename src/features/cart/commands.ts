import { type SQL, sql } from 'drizzle-orm';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type CartRow, IS_OPEN, openCart } from './queries.ts';
import { MAX_QUANTITY } from './schemas.ts';

/** Adds to what the cart holds; concurrent adds of one product make one line with the sum. */
export const addItem = (call: SignedInCall, body: { product_id: number; quantity: number }) =>
  changeCart(call, [
    checkStock(call, {
      product: sql`${body.product_id}::int`,
      wanted: sql`${body.quantity}::int + offer.in_cart`,
    }),
    statement(sql`
      insert into cart_items as line (cart_id, product_id, quantity)
      select id, ${body.product_id}, ${body.quantity} from carts where user_id = ${call.user.userId} and ${IS_OPEN}
      on conflict (cart_id, product_id) do update set quantity = line.quantity + excluded.quantity`),
  ]);

/** Sets a line's quantity; naming another product replaces the line by one of that product. */
export function setItem(
  call: SignedInCall,
  itemId: number,
  body: { quantity: number; product_id?: number | undefined },
) {
  const line = lineOf(call, itemId);
  const product = sql`coalesce(${body.product_id ?? null}::int, (select product_id from cart_items where id = ${itemId}))`;
  return changeCart(call, [
    guard(sql`exists (select from (${line}) found)`, 'NOT_FOUND'),
    checkStock(call, { product, wanted: sql`${body.quantity}::int` }),
    statement(sql`
      insert into cart_items (cart_id, product_id, quantity)
      select found.cart_id, ${product}, ${body.quantity} from (${line}) found
      on conflict (cart_id, product_id) do update set quantity = excluded.quantity`),
    statement(sql`delete from cart_items where id = ${itemId} and product_id <> ${product}`),
  ]);
}

export function removeItem(call: SignedInCall, itemId: number) {
  const line = lineOf(call, itemId);
  return changeCart(call, [
    guard(sql`exists (select from (${line}) found)`, 'NOT_FOUND'),
    statement(sql`delete from cart_items where id = ${itemId}`),
  ]);
}

export const clearCart = (call: SignedInCall) =>
  changeCart(call, [
    statement(sql`delete from cart_items ci using carts c
                  where ci.cart_id = c.id and c.user_id = ${call.user.userId} and c.${IS_OPEN}`),
  ]);

const lineOf = (call: SignedInCall, itemId: number): SQL => sql`
  select ci.cart_id, ci.product_id from cart_items ci join carts c on c.id = ci.cart_id
  where ci.id = ${itemId} and c.user_id = ${call.user.userId} and c.${IS_OPEN}`;

/** Every change of a cart: takes the cart's lock, ends its hold and the shown total with it, answers the new cart. */
async function changeCart(call: SignedInCall, changes: Statement[]): Promise<CartRow> {
  const { userId } = call.user;
  const results = await call.batch<readonly Statement[]>([
    lockCart(userId),
    ...changes,
    endHold(userId),
    openCart(userId, call.config.deliverySourceBranchId),
  ]);
  const freed = results.at(-2) as { product_id: number }[];
  call.touched(freed.map(({ product_id }) => product_id));
  const cart = results.at(-1)?.[0] as CartRow | undefined;
  if (!cart) throw new Error('no open cart');
  return cart;
}

/** Answers the products that others can take again. */
const endHold = (userId: number): Statement =>
  statement(sql`select product_id from end_hold(${userId}::int) as freed (product_id)`);

/** Makes or locks the open cart, and refuses while it is being paid for. */
const lockCart = (userId: number): Statement =>
  statement(sql`
    with locked as (
      insert into carts (user_id) values (${userId})
      on conflict (user_id) where status in ('ACTIVE', 'CHECKING_OUT')
      do update set updated_at = now(), shown_total = null, shown_for = null
      returning status
    )
    select guard(status = 'ACTIVE', 'CHECKOUT_IN_PROGRESS') from locked`);

/** Refuses what the shop cannot sell: deliveries ship from one branch, so its stock is what counts. */
const checkStock = (call: SignedInCall, { product, wanted }: { product: SQL; wanted: SQL }): Statement =>
  statement(sql`
    select guard(offer.product_id is not null, 'PRODUCT_INACTIVE'),
      guard(want.quantity <= ${MAX_QUANTITY}, 'QUANTITY_TOO_LARGE', want.details),
      guard(want.quantity <= offer.available or offer.is_anywhere, 'OUT_OF_STOCK_ANYWHERE', want.details),
      guard(want.quantity <= offer.available, 'OUT_OF_STOCK_DELIVERY_BRANCH', want.details)
    from carts c
    left join lateral cart_offer(c.id, ${product}, ${call.config.deliverySourceBranchId}::int) offer on true
    cross join lateral (
      select quantity, jsonb_build_object('product_id', offer.product_id, 'requested_quantity', quantity,
        'available_quantity', offer.available) as details
      from (select ${wanted} as quantity) wanted
    ) want
    where c.user_id = ${call.user.userId} and c.${IS_OPEN}`);
