import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Credit, CreditEntry } from './schemas.ts';

type CreditRow = Omit<z.input<typeof Credit>, 'entries'>;

/** The caller's balance in the shop's currency and its ledger entries, newest first. */
export async function creditOf(call: SignedInCall, { limit, offset }: { limit: number; offset: number }) {
  const { userId } = call.user;
  const [[credit], entries] = await call.batch([
    statement<CreditRow>(sql`
      select coalesce(a.balance, 0.00) as balance, s.currency
      from settings s left join credit_accounts a on a.user_id = ${userId} and a.currency = s.currency`),
    statement<z.input<typeof CreditEntry>>(sql`
      select id, amount, balance, kind, reason, order_id, created_at from credit_entries
      where user_id = ${userId} and currency = (select currency from settings)
      order by id desc limit ${limit} offset ${offset}`),
  ]);
  if (!credit) throw new Error('no settings');
  return { ...credit, entries };
}
