import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, insertRow, onlyRow } from '../../db/change.ts';
import { lastRows } from '../../db/rows.ts';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { applyDuePrices } from './due.ts';
import { scheduledPrices } from './queries.ts';
import type { NewScheduledPrice, ScheduledPriceChange } from './schemas.ts';

/** Schedules a price. One that should have begun already begins now. */
export async function schedulePrice(call: SignedInCall, body: z.output<typeof NewScheduledPrice>) {
  const { product_id, starts_at, ends_at = null } = body;
  const results = await call.batch([
    guard(sql`exists (select from products where id = ${product_id})`, 'PRODUCT_NOT_FOUND'),
    isPossible(sql`${starts_at}::timestamptz`, sql`${ends_at}::timestamptz`),
    isAlone(sql`${product_id}::int`, sql`${starts_at}::timestamptz`, sql`${ends_at}::timestamptz`),
    insertRow('scheduled_prices', body),
    applyDuePrices,
    scheduledPrices(sql`where s.product_id = ${product_id} order by s.id desc limit 1`),
  ]);
  return onlyRow(lastRows(results), 'INTERNAL_ERROR');
}

/** Changes one that has not begun, or the end of one that has. */
export async function changeScheduledPrice(
  call: SignedInCall,
  id: number,
  body: z.output<typeof ScheduledPriceChange>,
) {
  const isEndAlone = Object.entries(body).every(([field, value]) => field === 'ends_at' || value === undefined);
  const row = sql`from scheduled_prices s where s.id = ${id}`;
  const results = await call.batch([
    ...lockPrice(id, isEndAlone ? sql`s.status in ('PENDING', 'ACTIVE')` : sql`s.status = 'PENDING'`),
    statement(sql`update scheduled_prices set ${assignments(body)} where id = ${id}`),
    guard(sql`(select s.ends_at is null or s.ends_at > now() ${row})`, 'INVALID_PERIOD'),
    // Without an end it is the price of the product from now on.
    statement(
      sql`update scheduled_prices set status = 'FINISHED' where id = ${id} and status = 'ACTIVE' and ends_at is null`,
    ),
    applyDuePrices,
    scheduledPrices(sql`where s.id = ${id}`),
  ]);
  return onlyRow(lastRows(results), 'NOT_FOUND');
}

/** Deletes one that has not begun, and ends one that is in effect: the product has its price before again. */
export async function endScheduledPrice(call: SignedInCall, id: number) {
  await call.batch([
    ...lockPrice(id, sql`s.status in ('PENDING', 'ACTIVE')`),
    statement(sql`delete from scheduled_prices where id = ${id} and status = 'PENDING'`),
    statement(
      sql`update scheduled_prices set ends_at = now(), updated_at = now() where id = ${id} and status = 'ACTIVE'`,
    ),
    applyDuePrices,
  ]);
  return { success: true as const };
}

/** Brings it up to date and locks it. @throws AppError 404, 409 INVALID_STATUS */
const lockPrice = (id: number, condition: SQL): Statement[] => [
  applyDuePrices,
  statement(sql`select from scheduled_prices where id = ${id} for update`),
  guard(sql`exists (select from scheduled_prices where id = ${id})`, 'NOT_FOUND'),
  guard(
    sql`(select ${condition} from scheduled_prices s where s.id = ${id})`,
    'INVALID_STATUS',
    sql`(select jsonb_build_object('status', s.status) from scheduled_prices s where s.id = ${id})`,
  ),
];

const isPossible = (start: SQL, end: SQL): Statement =>
  guard(sql`${end} is null or ${end} > greatest(${start}, now())`, 'INVALID_PERIOD');

/** ISO 8601, as answers have it: details are sent as the database writes them. */
const utc = (instant: SQL): SQL => sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Names the scheduled price that is in the way; the exclusion constraint has the last word. */
function isAlone(productId: SQL, start: SQL, end: SQL): Statement {
  const others = sql`
    from scheduled_prices s
    where s.product_id = ${productId} and s.status <> 'FINISHED'
      and tstzrange(s.starts_at, s.ends_at) && tstzrange(${start}, ${end})`;
  return guard(
    sql`not exists (select ${others})`,
    'PRICE_OVERLAP',
    sql`(select jsonb_build_object('scheduled_price_id', s.id, 'starts_at', ${utc(sql`s.starts_at`)}, 'ends_at', ${utc(sql`s.ends_at`)})
         ${others} order by s.starts_at limit 1)`,
  );
}
