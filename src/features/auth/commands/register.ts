import { sql } from 'drizzle-orm';
import { guard, statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import { networkOf } from '../../../http/address.ts';
import type { Call } from '../../../http/context.ts';
import { sha256 } from '../../../sha256.ts';
import { hashPassword } from '../passwords.ts';
import { sessionAnswer, startSession, USER_COLUMNS } from '../session.ts';

interface Registration {
  email: string;
  password: string;
  full_name: string;
  phone?: string | null | undefined;
  role?: string | undefined;
  verification_token?: string | undefined;
}

export async function register(call: Call, body: Registration) {
  const { email, password, full_name, phone, role, verification_token } = body;
  if (role !== undefined && role !== 'CUSTOMER') throw new AppError('ROLE_NOT_ALLOWED');
  const hash = await hashPassword(password, call.config.bcryptCost);
  // Without this, the first to register with an address that another person verified would get it.
  const isVerifier =
    verification_token === undefined
      ? sql`verified_network = ${networkOf(call.client.ip)}`
      : sql`verification_hash = ${await sha256(verification_token)}`;
  const isVerified = sql`exists (
    select from registration_codes
    where email = ${email} and verified_at > now() - interval '30 minutes' and ${isVerifier})`;
  const [, , [session]] = await call.batch([
    guard(call.config.registrationOtp ? isVerified : sql`true`, 'OTP_REQUIRED'),
    statement(sql`insert into users (email, password_hash, full_name, phone)
                  values (${email}, ${hash}, ${full_name}, ${phone ?? null})`),
    startSession(call, sql`select ${USER_COLUMNS} from users u where u.email = ${email}`),
  ]);
  if (!session) throw new Error('a new account without a session');
  return sessionAnswer(call.config, session);
}
