import * as z from 'zod';
import { Id, Instant, line } from '../../http/fields.ts';
import { Quantity } from '../cart/schemas.ts';
import { ListedProduct } from '../catalog/schemas.ts';

export const ShoppingList = z
  .object({
    id: Id,
    name: z.string().meta({ example: 'Weekly shop' }),
    items: z
      .array(z.object({ product_id: Id, quantity: z.int(), product: ListedProduct }).meta({ id: 'ShoppingListItem' }))
      .meta({ description: 'In the order in which they were sent.' }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'ShoppingList' });

export const ListName = z.strictObject({ name: line(1, 50).meta({ example: 'Weekly shop' }) }).meta({ id: 'ListName' });

const isWithoutRepeats = (items: { product_id: number }[]) =>
  new Set(items.map(({ product_id }) => product_id)).size === items.length;

export const ListItems = z
  .strictObject({
    items: z
      .array(z.strictObject({ product_id: Id, quantity: Quantity }))
      .refine(isWithoutRepeats, 'must name each product once'),
  })
  .meta({ id: 'ListItems' });

export const Usual = z
  .object({
    product_id: Id,
    times_ordered: z.int().meta({ description: 'Orders with it among the latest 100.', example: 7 }),
    last_ordered_at: Instant,
    last_quantity: z.int().meta({ description: 'Units in the latest of them.', example: 2 }),
    product: ListedProduct,
  })
  .meta({ id: 'Usual' });
