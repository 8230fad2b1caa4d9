import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, onlyRow } from '../../db/change.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { SETTINGS } from './queries.ts';
import type { SettingsChange } from './schemas.ts';

/** Slots outside the new service hours are kept, but cannot be booked. */
export async function changeSettings(call: SignedInCall, { slots, ...fields }: z.output<typeof SettingsChange>) {
  const [opens_at, closes_at] = slots?.split('-') ?? [];
  const change = { ...fields, opens_at, closes_at, updated_by: call.user.userId };
  const [, rows] = await call.batch([statement(sql`update settings set ${assignments(change)}`), SETTINGS]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}
