import * as z from 'zod';
import { Id, IdText, Instant, Money, optional } from '../../http/fields.ts';
import { MAX_UNITS } from '../../limits.ts';

const Quantity = z.int().min(1).max(MAX_UNITS).meta({ example: 2 });

const CartLine = z
  .object({
    id: Id,
    product_id: Id,
    quantity: z.int(),
    unit_price: Money,
    line_total: Money.meta({ description: 'Of the goods, without deposits.' }),
    deposit: Money.nullable().meta({ description: 'For the container of one unit, beside the price; null: none.' }),
    product_name: z.string(),
    product_image: z.string().nullable(),
    sku: z.string(),
    unit: z.string().nullable(),
    available_quantity: z.int().meta({ description: 'Units available to this customer at the delivery branch.' }),
    is_available: z.boolean(),
  })
  .meta({ id: 'CartLine' });

export const Cart = z
  .object({
    id: Id,
    user_id: Id,
    total_amount: Money.meta({ description: 'Goods and deposits.' }),
    deposit_total: Money,
    reserved_until: Instant.nullable().meta({
      description: 'End of the hold of checkout; null: no hold.',
    }),
    items: z.array(CartLine),
  })
  .meta({ id: 'Cart' });

export const AddItemBody = z.strictObject({ product_id: Id, quantity: Quantity }).meta({ id: 'AddItemBody' });
export const SetItemBody = z.strictObject({ quantity: Quantity, product_id: optional(Id) }).meta({ id: 'SetItemBody' });
export const ItemParams = z.object({ item_id: IdText });
