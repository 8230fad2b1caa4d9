import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Cart } from './schemas.ts';

export type CartRow = z.input<typeof Cart>;

/** With the names of its products in all languages. */
export interface CartItems extends Pick<CartRow, 'discounts' | 'coupon'> {
  items: (CartRow['items'][number] & { translations: Partial<Record<Language, { name?: string }>> })[];
}

/** The caller's open cart, made unless there is one. A cart is open until it is paid for. */
export async function readCart(call: SignedInCall): Promise<CartRow> {
  const cart = await call.run<'read_cart', CartItems>('read_cart', { branch_id: call.config.deliverySourceBranchId });
  return { ...cart, items: inLanguage(cart, call.language) };
}

/** The lines with the names of their products in a language. */
export const inLanguage = ({ items }: Pick<CartItems, 'items'>, language: Language | undefined): CartRow['items'] =>
  items.map(({ translations, ...item }) => ({
    ...item,
    product_name: (language && translations[language]?.name) ?? item.product_name,
  }));
