import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { CONSTRAINT_ERRORS } from '../../../db/constraints.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import { type ErrorCode, isErrorCode, messageOf, publicCode } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { checkPrices } from '../../prices/due.ts';
import { staffOrder } from '../queries.ts';
import type { PickBody, PicksBody, StaffOrderRow } from '../schemas.ts';

/** Records the result of picking a line: `pick_line` in the database. */
export async function pickItem(
  call: SignedInCall,
  orderId: number,
  itemId: number,
  body: z.output<typeof PickBody>,
): Promise<StaffOrderRow> {
  const [, [picked], [order]] = await call.batch([
    checkPrices,
    statement<{ products: number[] }>(sql`
      select pick_line(${orderId}, ${itemId}, ${body.picked_status}, ${body.replacement_product_id ?? null}::int,
        ${body.picked_quantity ?? null}::int, ${body.picked_grams ?? null}::int, ${body.reason || null}::text,
        ${body.override_reason || null}::text) as products`),
    staffOrder(orderId, call.language),
  ]);
  if (!picked || !order) throw new Error('a picked line without its order');
  call.productsChanged(picked.products);
  return order;
}

interface Recorded {
  item_position: number;
  result: 'ok' | 'repeated' | 'error';
  refusal: string | null;
  is_superseded: boolean;
  products: number[];
}

/** Records what a handheld gathered off line; a refused operation does not affect the others. */
export async function recordPicks(call: SignedInCall, { operations }: z.output<typeof PicksBody>) {
  const numbered = operations.map((operation, position) => ({
    ...operation,
    reason: operation.reason || null,
    position,
  }));
  const [, rows] = await call.batch([
    checkPrices,
    statement<Recorded>(sql`
      select * from record_picks(${JSON.stringify(numbered)}::jsonb) order by item_position`),
  ]);
  call.productsChanged([...new Set(rows.flatMap((row) => row.products))]);
  return { results: rows.map((row, position) => ({ op_id: operations[position]?.op_id ?? '', ...outcomeOf(row) })) };
}

function outcomeOf({ result, refusal, is_superseded: superseded }: Recorded) {
  if (refusal === null) return { result, superseded };
  const code = codeOf(refusal);
  return { result, superseded, error_code: publicCode(code), message: messageOf(code) };
}

/** A guard refuses with an error code, a constraint with its name. */
const codeOf = (refusal: string): ErrorCode =>
  isErrorCode(refusal) ? refusal : (CONSTRAINT_ERRORS[refusal] ?? 'INTERNAL_ERROR');

export const guardItem = (orderId: number, itemId: number): Statement =>
  guard(sql`exists (select from order_items where id = ${itemId} and order_id = ${orderId})`, 'NOT_FOUND');
