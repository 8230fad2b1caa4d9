import type { z } from 'zod';
import type { SignedInCall } from '../../http/context.ts';
import { MAX_CART_LINES, MAX_UNITS } from '../../limits.ts';
import type { SubstitutionChoice } from '../substitutions/schemas.ts';
import { type CartItems, type CartRow, inLanguage } from './queries.ts';
import type { SetItemBody } from './schemas.ts';

interface Change {
  action: 'ADD' | 'SET' | 'REMOVE' | 'CLEAR' | 'COUPON';
  itemId?: number;
  productId?: number | undefined;
  quantity?: number;
  code?: string;
  substitution?: SubstitutionChoice | undefined;
}

/** Adds to what the cart holds; concurrent adds of one product make one line with the sum. */
export const addItem = (call: SignedInCall, body: { product_id: number; quantity: number }) =>
  changeCart(call, { action: 'ADD', productId: body.product_id, quantity: body.quantity });

/** Sets a line's quantity; naming another product replaces the line by one of that product. */
export const setItem = (
  call: SignedInCall,
  itemId: number,
  { quantity, product_id: productId, substitution }: z.output<typeof SetItemBody>,
) => changeCart(call, { action: 'SET', itemId, productId, quantity, substitution });

export const removeItem = (call: SignedInCall, itemId: number) => changeCart(call, { action: 'REMOVE', itemId });

export const clearCart = (call: SignedInCall) => changeCart(call, { action: 'CLEAR' });

/** One coupon a cart: another code replaces it. @throws AppError 404, or 422 with the reason when it takes nothing off this cart */
export const enterCoupon = (call: SignedInCall, code: string) => changeCart(call, { action: 'COUPON', code });

export const removeCoupon = (call: SignedInCall) => changeCart(call, { action: 'COUPON' });

/** `change_cart` in the database: locks the cart, ends its hold and forgets the shown total; returns the new cart. */
async function changeCart(
  call: SignedInCall,
  { action, itemId, productId, quantity, code, substitution }: Change,
): Promise<CartRow> {
  const { freed, ...cart } = await call.run<'change_cart', CartItems>('change_cart', {
    action,
    branch_id: call.config.deliverySourceBranchId,
    max_quantity: MAX_UNITS,
    max_lines: MAX_CART_LINES,
    item_id: itemId,
    product_id: productId,
    quantity,
    code,
    substitution: substitution && JSON.stringify(substitution),
  });
  call.productsChanged(freed);
  return { ...cart, items: inLanguage(cart, call.language) };
}
