import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { USER_COLUMNS } from '../auth/session.ts';
import type { PaymentToken } from './payment-token-schemas.ts';
import type { Address, Profile } from './schemas.ts';

export type ProfileRow = z.input<typeof Profile>;
export type AddressRow = z.input<typeof Address>;
export type PaymentTokenRow = z.input<typeof PaymentToken>;

export const PROFILE_COLUMNS = sql`${USER_COLUMNS}, u.membership_tier, u.default_branch_id, u.substitution_policy, u.language`;
export const ADDRESS_COLUMNS = sql.raw('id, user_id, address_line, city, postal_code, country, is_default, lat, lng');
export const PAYMENT_TOKEN_COLUMNS = sql.raw('id, provider, brand, last4, exp_month, exp_year, is_default');

export async function profileOf(call: SignedInCall): Promise<ProfileRow> {
  const [[profile]] = await call.batch([
    statement<ProfileRow>(sql`select ${PROFILE_COLUMNS} from users u where u.id = ${call.user.userId}`),
  ]);
  if (!profile) throw new AppError('AUTH_REQUIRED');
  return profile;
}

export async function addressesOf(call: SignedInCall): Promise<AddressRow[]> {
  const [addresses] = await call.batch([
    statement<AddressRow>(sql`
      select ${ADDRESS_COLUMNS} from addresses where user_id = ${call.user.userId} order by is_default desc, id desc`),
  ]);
  return addresses;
}

export async function paymentTokensOf(call: SignedInCall): Promise<PaymentTokenRow[]> {
  const [tokens] = await call.batch([
    statement<PaymentTokenRow>(sql`
      select ${PAYMENT_TOKEN_COLUMNS} from payment_tokens where user_id = ${call.user.userId} and is_active
      order by is_default desc, id desc`),
  ]);
  return tokens;
}
