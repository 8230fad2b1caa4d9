import type { z } from 'zod';
import type { SignedInCall } from '../../http/context.ts';
import type { Cart } from './schemas.ts';

export type CartRow = z.input<typeof Cart>;

/** The caller's open cart, made unless there is one. A cart is open until it is paid for. */
export const readCart = (call: SignedInCall): Promise<CartRow> =>
  call.run<'read_cart', Pick<CartRow, 'items' | 'discounts' | 'coupon'>>('read_cart', {
    branch_id: call.config.deliverySourceBranchId,
  });
