import type { z } from 'zod';
import type { SignedInCall } from '../../http/context.ts';
import { MAX_CART_LINES, MAX_UNITS } from '../../limits.ts';
import { type CartItems, type CartRow, inLanguage } from './queries.ts';
import type { Refill } from './schemas.ts';

/** Puts the lines of an earlier order into the cart. @throws AppError 404 for an order of somebody else */
export const refillFromOrder = (call: SignedInCall, orderId: number) => refill(call, { order_id: orderId });

/** Puts the lines of a shopping list into the cart. @throws AppError 404 for a list of somebody else */
export const refillFromList = (call: SignedInCall, listId: number) => refill(call, { list_id: listId });

/** `refill_cart` in the database: the larger quantity of each product counts, so a repeat changes nothing. */
async function refill(call: SignedInCall, source: { order_id: number } | { list_id: number }) {
  const { freed, cart, ...changes } = await call.run<
    'refill_cart',
    Pick<z.input<typeof Refill>, 'skipped' | 'price_changes'> & { cart: CartRow & CartItems }
  >('refill_cart', {
    branch_id: call.config.deliverySourceBranchId,
    max_quantity: MAX_UNITS,
    max_lines: MAX_CART_LINES,
    order_id: undefined,
    list_id: undefined,
    ...source,
  });
  call.productsChanged(freed);
  return { ...changes, cart: { ...cart, items: inLanguage(cart, call.language) } };
}
