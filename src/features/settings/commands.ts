import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { assignments, onlyRow } from '../../db/change.ts';
import { guard, statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { SETTINGS } from './queries.ts';
import type { SettingsChange } from './schemas.ts';

/** Slots outside the new service hours are kept, but cannot be booked. */
export async function changeSettings(call: SignedInCall, { slots, ...fields }: z.output<typeof SettingsChange>) {
  // Without a key nobody could set it up, and every member of staff would be locked out.
  if (fields.require_staff_totp && call.config.totpKeys.length === 0) {
    throw new AppError(
      'UNPROCESSABLE',
      'Two-step sign-in needs TOTP_ENCRYPTION_KEY in the configuration of the server.',
    );
  }
  const [opens_at, closes_at] = slots?.split('-') ?? [];
  const change = { ...fields, opens_at, closes_at, updated_by: call.user.userId };
  const [, , rows] = await call.batch([
    // Whoever turns it on must be able to turn it off again.
    guard(
      sql`not ${fields.require_staff_totp ?? false}::boolean
        or (select totp_enabled_at is not null from users where id = ${call.user.userId})`,
      'TOTP_NOT_SET_UP',
    ),
    statement(sql`update settings set ${assignments(change)}`),
    SETTINGS,
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}
