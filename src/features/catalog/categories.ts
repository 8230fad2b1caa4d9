import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Language } from '../../db/schema/words.ts';
import { statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { type Nested, nest } from './category-tree.ts';
import type { Category } from './schemas.ts';

type CategoryRow = z.input<typeof Category>;

/** `seen`: the visible categories, each with the products of itself and its subcategories. */
const seen = (language: Language | undefined) => sql`
  recursive visible as (select id from visible_categories() id),
  own as (select category_id, sum(products) as products from category_counts where scope = 0 group by category_id),
  climb as (
    select v.id, c.parent_id, coalesce(own.products, 0) as products
    from visible v join categories c on c.id = v.id left join own on own.category_id = v.id
    union all
    select c.id, c.parent_id, climb.products from climb join categories c on c.id = climb.parent_id
  ),
  seen as (
    select c.id, translated(c.name, c.translations, ${language ?? null}, 'name') as name, c.icon_slug,
      translated(c.description, c.translations, ${language ?? null}, 'description') as description, c.parent_id, c.is_active, counted.product_count
    from (select id, sum(products)::integer as product_count from climb group by id) counted
    join categories c on c.id = counted.id
  )`;

interface CategoryFilters {
  parent_id?: number | undefined;
  limit: number;
  offset: number;
}

export async function listCategories(call: Call, { parent_id, limit, offset }: CategoryFilters) {
  const isWanted = parent_id === undefined ? sql`true` : sql`parent_id = ${parent_id}`;
  const [items, [count]] = await call.batch([
    statement<CategoryRow>(sql`
      with ${seen(call.language)} select * from seen where ${isWanted} order by lower(name), id limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`
      select count(*)::integer as total from categories
      where id in (select visible_categories()) and ${isWanted}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

export async function categoryTree(call: Call): Promise<Nested<CategoryRow>[]> {
  const [rows] = await call.batch([
    statement<CategoryRow>(sql`with ${seen(call.language)} select * from seen order by lower(name), id`),
  ]);
  return nest(rows);
}
