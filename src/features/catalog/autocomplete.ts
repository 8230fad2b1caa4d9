import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Call } from '../../http/context.ts';
import { chosenCategories, inCategory } from './filters.ts';
import { readPlanned } from './product.ts';
import type { Suggestions } from './schemas.ts';
import { reading } from './search.ts';

// Most products have a word that begins with any given letter, so only a limited number of candidates is read and counted. When so many
// names begin with the text, other words are not looked for.
const CANDIDATES = sql.raw('1000');
/** No text has it, so that what begins with a text is less than the text and this. A plan that is kept finds a range, but no `^@`. */
const LAST_CHARACTER = sql.raw(`${0x10ffff}`);

/** Names that begin with the typed text, then names with a word that begins with it, then names with a similar word. */
export async function autocomplete(
  call: Call,
  { q, limit }: { q: string; limit: number },
): Promise<z.input<typeof Suggestions>> {
  const text = q.toLowerCase();
  const byBytes = sql`p.title collate "C"`;
  const isVisible = sql`p.is_active and ${inCategory(undefined)}`;
  const found = await readPlanned<Pick<z.input<typeof Suggestions>, 'items' | 'total'>>(
    call,
    sql`
      with ${chosenCategories(undefined)}, wanted as materialized (select search_readings(${q}) as readings),
      begun as materialized (
        select p.product_id, p.title from product_search p
        where ${byBytes} >= ${text} and ${byBytes} < ${text} || chr(${LAST_CHARACTER}) and ${isVisible}
        order by ${byBytes}, p.product_id limit ${CANDIDATES}
      ),
      places as materialized (select greatest(${limit}::integer - count(*), 0) as left_over from begun),
      others as materialized (
        select * from (
          select p.product_id, p.title, case when (select left_over from places) = 0 then null
            when p.document @@ ${reading(3)} then 1 else 2 end as rank
          from product_search p
          where (select count(*) from begun) < ${CANDIDATES} and p.document @@ ${reading(5)} and ${isVisible} limit ${CANDIDATES}
        ) p
        where product_id not in (select product_id from begun)
      ),
      suggestions as (
        (select product_id, title, 0 as rank from begun limit ${limit})
        union all
        (select * from others order by rank, title, product_id limit (select left_over from places))
      ),
      items as (
        select p.id, translated(p.name, p.translations, ${call.language ?? null}, 'name') as name, s.rank, s.title
        from suggestions s join products p on p.id = s.product_id
      )
      select least((select count(*) from begun) + (select count(*) from others), ${CANDIDATES})::integer as total,
        coalesce((select json_agg(items order by rank, title, id) from items), '[]') as items`,
  );
  return { items: found?.items ?? [], total: found?.total ?? 0, limit, offset: 0 };
}
