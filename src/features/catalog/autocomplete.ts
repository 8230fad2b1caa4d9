import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { chosenCategories, inCategory } from './filters.ts';
import type { Suggestions } from './schemas.ts';

// Most products have a word that begins with any given letter, so only a limited number of candidates is read and counted.
const CANDIDATES = 1000;

/** Names that begin with the typed text, then names with a word that begins with it, then names with a similar word. */
export async function autocomplete(
  call: Call,
  { q, limit }: { q: string; limit: number },
): Promise<z.input<typeof Suggestions>> {
  const text = q.toLowerCase();
  const isVisible = sql`p.is_active and ${inCategory(undefined)}`;
  const [[found]] = await call.batch([
    statement<Pick<z.input<typeof Suggestions>, 'items' | 'total'>>(sql`
      with ${chosenCategories(undefined)}, wanted as materialized (select search_readings(${q}) as readings),
      candidates as (
        (select p.product_id, p.title, 0 as rank from product_search p
          where p.title ^@ ${text}::text and ${isVisible} order by p.title, p.product_id limit ${CANDIDATES})
        union all
        (select p.product_id, p.title, case when p.document @@ wanted.readings[3] then 1 else 2 end
          from wanted join product_search p on p.document @@ wanted.readings[5]
          where ${isVisible} limit ${CANDIDATES})
      ),
      suggestions as materialized (
        select product_id, title, min(rank) as rank from candidates group by product_id, title
      ),
      items as (
        select p.id, translated(p.name, p.translations, ${call.language ?? null}, 'name') as name, s.rank, s.title
        from (select * from suggestions order by rank, title, product_id limit ${limit}) s
        join products p on p.id = s.product_id
      )
      select (select count(*) from suggestions)::integer as total,
        coalesce((select json_agg(items order by rank, title, id) from items), '[]') as items`),
  ]);
  return { items: found?.items ?? [], total: found?.total ?? 0, limit, offset: 0 };
}
