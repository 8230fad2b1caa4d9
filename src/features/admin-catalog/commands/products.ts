import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, jsonObject, onlyRow, switchActive } from '../../../db/change.ts';
import { guard, statement, textArray } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { productWhere } from '../queries.ts';
import type { NewProduct, ProductChange } from '../schemas.ts';
import { categoryExists } from './categories.ts';

export async function createProduct(call: SignedInCall, body: z.output<typeof NewProduct>) {
  const [, , rows] = await call.batch([
    categoryExists(body.category_id),
    insertRow('products', columnsOf(body)),
    productWhere(sql`upper(p.sku) = upper(${body.sku})`),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export async function changeProduct(call: SignedInCall, id: number, body: z.output<typeof ProductChange>) {
  const [, , , rows] = await call.batch([
    guard(sql`exists (select from products where id = ${id})`, 'PRODUCT_NOT_FOUND'),
    categoryExists(body.category_id),
    statement(sql`update products set ${assignments(columnsOf(body))} where id = ${id}`),
    productWhere(sql`p.id = ${id}`),
  ]);
  return onlyRow(rows, 'PRODUCT_NOT_FOUND');
}

export async function toggleProduct(call: SignedInCall, id: number, wanted: boolean | null) {
  const [, , rows] = await call.batch([
    ...switchActive({ table: 'products', entity: 'product', id, wanted }),
    productWhere(sql`p.id = ${id}`),
  ]);
  return onlyRow(rows, 'PRODUCT_NOT_FOUND');
}

/** The column stores any JSON value, not only objects. */
function columnsOf({ nutritional_info: info, net_content: content, ...fields }: z.output<typeof ProductChange>) {
  const { allergens, may_contain, dietary, translations, ...columns } = fields;
  return {
    ...columns,
    nutritional_info: info === undefined || info === null ? info : JSON.stringify(info),
    net_content_amount: content === null ? null : content?.amount,
    net_content_unit: content === null ? null : content?.unit,
    allergens: allergens && textArray(allergens),
    may_contain: may_contain && textArray(may_contain),
    dietary: dietary && textArray(dietary),
    translations: jsonObject(translations),
  };
}
