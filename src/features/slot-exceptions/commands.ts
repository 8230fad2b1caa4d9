import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { guard, setAuditAction, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { Reply } from '../../http/route.ts';
import { readCalendar } from './calendar.ts';
import { exceptionsWhere } from './queries.ts';
import type { ImportAnswer, ImportForm, NewException } from './schemas.ts';

/** @throws AppError 404, 409 ORDERS_BOOKED, EXCEPTION_EXISTS, 422 PAST_DATE, INVALID_SLOT */
export async function addException(call: SignedInCall, body: z.output<typeof NewException>) {
  const { branch_id, date, slot_id = null, closed = false, capacity = null, reason, force = false } = body;
  const [, rows] = await call.batch([
    statement(sql`
      select add_slot_exception(${call.user.userId}, ${branch_id}, ${date}::date, ${slot_id}, ${closed}, ${capacity}, ${reason},
        ${force}, ${call.config.timeZone})`),
    exceptionsWhere(
      sql`x.branch_id = ${branch_id} and x.date = ${date}::date and x.slot_id is not distinct from ${slot_id}::int`,
    ),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export async function deleteException(call: SignedInCall, id: number) {
  await call.batch([
    guard(sql`exists (select from slot_exceptions where id = ${id})`, 'NOT_FOUND'),
    statement(sql`select lock_slots(branch_id, slot_id) from slot_exceptions where id = ${id}`),
    statement(sql`delete from slot_exceptions where id = ${id}`),
  ]);
  return { success: true as const };
}

type Report = z.input<typeof ImportAnswer>;

/** Closes what the events of an iCalendar file cover, all of them or, with an error in the file, none. */
export async function importCalendar(
  call: SignedInCall,
  form: z.output<typeof ImportForm>,
  text: string,
): Promise<Reply<Report>> {
  const { events, errors } = readCalendar(text, { timeZone: call.config.timeZone, today: new Date() });
  const isReadable = errors.length === 0;
  const [, , [counts]] = await call.batch([
    guard(sql`exists (select from branches where id = ${form.branch_id})`, 'BRANCH_NOT_FOUND'),
    setAuditAction('slot_exception', 'BULK_IMPORT'),
    statement<{ imported: number; unchanged: number }>(sql`
      select * from import_closings(${call.user.userId}, ${form.branch_id}, ${JSON.stringify(isReadable ? events : [])}::jsonb,
        ${form.force ?? false}, ${call.config.timeZone})`),
  ]);
  const { imported = 0, unchanged = 0 } = counts ?? {};
  return new Reply({ imported, unchanged, errors }, { status: imported > 0 ? 201 : 200 });
}
