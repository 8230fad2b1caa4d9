import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { products } from './catalogue.ts';
import { createdAt, id, money, unitsInRange, updatedAt } from './columns.ts';
import { users } from './users.ts';

/** A customer's shopping list. */
export const shoppingLists = pgTable(
  'shopping_lists',
  {
    id: id(),
    user_id: integer()
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    created_at: createdAt(),
    updated_at: updatedAt(),
  },
  (t) => [uniqueIndex('shopping_lists_name_key').on(t.user_id, sql`text_key(${t.name})`)],
);

export const shoppingListItems = pgTable(
  'shopping_list_items',
  {
    list_id: integer()
      .notNull()
      .references(() => shoppingLists.id, { onDelete: 'cascade' }),
    product_id: integer()
      .notNull()
      .references(() => products.id),
    quantity: integer().notNull(),
    /** The place in the list, from 1. */
    position: integer().notNull(),
    /** The price when the product was put on the list, to tell the customer of a change. */
    unit_price: money().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.list_id, t.product_id] }),
    index('shopping_list_items_product_idx').on(t.product_id),
    unitsInRange('shopping_list_items_quantity_range', t.quantity),
  ],
);
