import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, onlyRow, switchActive } from '../../db/change.ts';
import { guard, intArray, type Statement, statement } from '../../db/statement.ts';
import { isSameName } from '../../db/text.ts';
import type { ErrorCode } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { promotionWhere } from './queries.ts';
import type { NewPromotion, PromotionChange } from './schemas.ts';

type Terms = z.output<typeof PromotionChange>;

export async function createPromotion(call: SignedInCall, body: z.output<typeof NewPromotion>) {
  // Its value is unused.
  const value = body.kind === 'FREE_DELIVERY' ? null : body.value;
  const [, , , , rows] = await call.batch([
    ...filtersExist(body),
    insertRow('promotions', { kind: body.kind, ...columnsOf({ ...body, value }) }),
    promotionWhere(isSameName(sql`p.name`, body.name)),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

/** Orders keep the discounts that they have. */
export async function changePromotion(call: SignedInCall, id: number, body: Terms) {
  const [, , , , , rows] = await call.batch([
    // Waits for the purchases that are using it: a new limit counts them. See `promotion_limited`.
    guard(sql`(select id from promotions where id = ${id} for update) is not null`, 'PROMOTION_NOT_FOUND'),
    ...filtersExist(body),
    statement(sql`update promotions set ${assignments(columnsOf(body))} where id = ${id}`),
    promotionWhere(sql`p.id = ${id}`),
  ]);
  return onlyRow(rows, 'PROMOTION_NOT_FOUND');
}

export async function togglePromotion(call: SignedInCall, id: number, wanted: boolean | null) {
  const [, , rows] = await call.batch([
    ...switchActive({ table: 'promotions', entity: 'promotion', id, wanted }),
    promotionWhere(sql`p.id = ${id}`),
  ]);
  return onlyRow(rows, 'PROMOTION_NOT_FOUND');
}

const filtersExist = ({ branch_ids, product_ids, category_ids }: Terms): [Statement, Statement, Statement] => [
  allExist('branches', branch_ids, 'BRANCH_NOT_FOUND'),
  allExist('products', product_ids, 'PRODUCT_NOT_FOUND'),
  allExist('categories', category_ids, 'CATEGORY_NOT_FOUND'),
];

const allExist = (table: 'branches' | 'products' | 'categories', ids: number[] | null | undefined, code: ErrorCode) =>
  guard(
    sql`not exists (
      select from unnest(${intArray(ids ?? [])}) wanted where not exists (
        select from ${sql.identifier(table)} known where known.id = wanted))`,
    code,
  );

/** An array as PostgreSQL reads it. */
const literal = (list: readonly (number | string)[] | null | undefined) =>
  list && `{${list.map((entry) => `"${String(entry).replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;

const columnsOf = ({ group, branch_ids, product_ids, category_ids, tiers, ...columns }: Terms) => ({
  ...columns,
  stacking_group: group,
  branch_ids: literal(branch_ids),
  product_ids: literal(product_ids),
  category_ids: literal(category_ids),
  tiers: literal(tiers),
});
