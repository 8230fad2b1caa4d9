import * as z from 'zod';
import { CREDIT_KINDS } from '../../db/schema/words.ts';
import { Id, Instant, limitText, line, Money, Page, SignedMoneyInput } from '../../http/fields.ts';

export const CreditQuery = Page.extend({ limit: limitText(100) });

export const CreditEntry = z
  .object({
    id: z.int(),
    amount: Money.meta({ description: 'Negative: spent, or taken back.' }),
    balance: Money.meta({ description: 'What was left after it.' }),
    kind: z.enum(CREDIT_KINDS).meta({
      description:
        '`GRANT` and `TAKEN_BACK` by the shop, `SPENT` on an order, `RETURNED` when its payment was declined, `REFUND`.',
    }),
    reason: z.string().nullable(),
    order_id: Id.nullable(),
    created_at: Instant,
  })
  .meta({ id: 'CreditEntry' });

export const Credit = z
  .object({
    balance: Money,
    currency: z.string(),
    entries: z.array(CreditEntry).meta({ description: 'Newest first.' }),
  })
  .meta({ id: 'Credit' });

export const NewCredit = z
  .strictObject({
    amount: SignedMoneyInput.meta({ description: 'Negative takes back.' }),
    reason: line(1, 300),
  })
  .meta({ id: 'NewCredit' });

export const GrantedCredit = CreditEntry.extend({ user_id: Id, currency: z.string() }).meta({ id: 'GrantedCredit' });
