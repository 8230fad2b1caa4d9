import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { reviewedBy } from '../../catalog/reviews.ts';
import { PROFILE_COLUMNS, type ProfileRow } from '../queries.ts';
import type { ProfileChange } from '../schemas.ts';

/** Undefined fields stay unchanged; null clears the phone or the language. */
export async function changeProfile(call: SignedInCall, change: z.output<typeof ProfileChange>): Promise<ProfileRow> {
  const { full_name = null, phone, substitution_policy = null, language } = change;
  const [[changed]] = await call.batch([
    statement<ProfileRow & { reviewed: number[] }>(sql`
      update users u set
        full_name = coalesce(${full_name}, u.full_name),
        phone = case when ${phone !== undefined}::boolean then ${phone ?? null} else u.phone end,
        substitution_policy = coalesce(${substitution_policy}, u.substitution_policy),
        language = case when ${language !== undefined}::boolean then ${language ?? null} else u.language end,
        updated_at = now()
      where u.id = ${call.user.userId}
      returning ${PROFILE_COLUMNS}, ${reviewedBy(call.user.userId)} as reviewed`),
  ]);
  if (!changed) throw new AppError('AUTH_REQUIRED');
  const { reviewed, ...profile } = changed;
  call.productsChanged(full_name === null ? [] : reviewed);
  return profile;
}
