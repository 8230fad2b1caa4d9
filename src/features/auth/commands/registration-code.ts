import { sql } from 'drizzle-orm';
import { guard, statement } from '../../../db/statement.ts';
import { drainSoon } from '../../../email/outbox.ts';
import { AppError } from '../../../errors.ts';
import { networkOf } from '../../../http/address.ts';
import type { Call } from '../../../http/context.ts';
import { sha256 } from '../../../sha256.ts';
import { randomToken } from '../passwords.ts';

const CODE_MINUTES = 10;
const CODES_PER_HOUR = 5;
const TRIES = 5;

const randomCode = (): string => String(((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 9000) + 1000);

/** A plain digest of four digits could be reversed at once, so it includes the server's secret. */
const digestOf = (call: Call, email: string, code: string) => sha256(`${call.config.jwtSecrets[0]}:${email}:${code}`);

/** Mails a code; a new one invalidates the previous one. */
export async function sendCode(call: Call, email: string): Promise<{ message: string; code?: string }> {
  const code = randomCode();
  const digest = await digestOf(call, email, code);
  const [, [sent]] = await call.batch([
    guard(sql`not exists (select from users where email = ${email})`, 'USER_EXISTS'),
    statement<{ wait_seconds: number }>(sql`
      insert into registration_codes as c (email, code_hash, sent_at, expires_at)
      values (${email}, ${digest}, array[now()], now() + make_interval(mins => ${CODE_MINUTES}::int))
      on conflict (email) do update set
        (code_hash, attempts, expires_at, sent_at) = (
          select case when recent.is_full then c.code_hash else excluded.code_hash end,
                 case when recent.is_full then c.attempts else 0 end,
                 case when recent.is_full then c.expires_at else excluded.expires_at end,
                 case when recent.is_full then c.sent_at else recent.sends || now() end
          from (select coalesce(array_agg(at order by at), '{}') as sends, count(*) >= ${CODES_PER_HOUR} as is_full
                from unnest(c.sent_at) as at where at > now() - interval '1 hour') recent)
      returning case when c.code_hash = ${digest} then 0
        else ceil(extract(epoch from c.sent_at[cardinality(c.sent_at) - ${CODES_PER_HOUR - 1}] + interval '1 hour' - now()))::int
        end as wait_seconds`),
    statement(sql`
      insert into outbox (kind, payload)
      select 'REGISTRATION_OTP', jsonb_build_object(
        'kind', 'REGISTRATION_OTP',
        'to', jsonb_build_object('email', ${email}::text, 'language', ${call.language ?? null}::text),
        'params', jsonb_build_object('code', ${code}::text, 'expires_minutes', ${CODE_MINUTES}::int))
      from registration_codes where email = ${email} and code_hash = ${digest}`),
  ]);
  if (sent && sent.wait_seconds > 0) {
    throw new AppError('RATE_LIMITED', 'Too many codes were sent to this address. Try again later.', {
      headers: { 'Retry-After': String(sent.wait_seconds) },
    });
  }
  drainSoon(call);
  return { message: 'A code is on its way.', ...(call.config.isDevelopment && { code }) };
}

/**
 * Counts wrong codes; the fifth invalidates the code. The count must be committed, so a wrong code does not raise. The returned
 * token allows registering with the address from any network.
 */
export async function verifyCode(call: Call, body: { email: string; code: string }) {
  const digest = await digestOf(call, body.email, body.code);
  const token = randomToken();
  const hash = await sha256(token);
  const isRight = sql`code_hash = ${digest}`;
  const [[outcome]] = await call.batch([
    statement<{ is_verified: boolean }>(sql`
      update registration_codes set
        attempts = attempts + 1,
        verified_at = case when ${isRight} then now() else verified_at end,
        verified_network = case when ${isRight} then ${networkOf(call.client.ip)} else verified_network end,
        verification_hash = case when ${isRight} then ${hash} else verification_hash end,
        code_hash = case when ${isRight} or attempts + 1 >= ${TRIES} then null else code_hash end
      where email = ${body.email} and code_hash is not null and expires_at > now()
      returning verification_hash is not distinct from ${hash} as is_verified`),
  ]);
  if (!outcome?.is_verified) throw new AppError('INVALID_REGISTRATION_OTP');
  return { message: 'The email address is verified.', verification_token: token };
}
