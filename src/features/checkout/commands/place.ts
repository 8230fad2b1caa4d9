import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { LEASE_SECONDS } from '../../../idempotency/keys.ts';
import type { PaymentMode } from '../../../payments/index.ts';
import type { PendingOrder } from '../../payments/settle.ts';
import type { Claim } from '../idempotency.ts';
import type { ConfirmInput } from '../schemas.ts';
import { commonTerms } from '../terms.ts';

/** With status CAPTURED when store credit has paid the total: there is nothing to charge. */
export type PlacedOrder = PendingOrder & { status: string; total: string };

/**
 * First batch of a confirm: claims the key, decides, takes stock and slot, and leaves an order that is not visible yet, with
 * a pending payment: `place_order` in the database.
 * @throws AppError that `knownKeyOf` reads when the key was used before
 */
export async function place(call: SignedInCall, claim: Claim, terms: ConfirmInput): Promise<PlacedOrder> {
  const common = commonTerms(call.config, terms);
  if (terms.fulfillment_type === 'DELIVERY' && !terms.delivery_slot_id) throw new AppError('SLOT_REQUIRED');
  const payment = await call.run<'place_order', { mode: PaymentMode }>('place_order', {
    ...common,
    token_id: terms.payment_token_id,
    save_as_default: terms.save_as_default ?? false,
    expected_total: terms.expected_total,
    order_number: orderNumber(call.config.timeZone),
    key: claim.key,
    fingerprint: claim.fingerprint,
    attempt: claim.attempt,
    lease_seconds: LEASE_SECONDS,
    use_credit: terms.use_credit,
    age_confirmed: terms.age_confirmed ?? false,
  });
  call.productsChanged(payment.products);
  return payment;
}

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Offsets from UTC are multiples of it: within one, the date of no time zone changes. */
const QUARTER_MS = 15 * 60_000;
const days = new Map<string, { quarter: number; day: string }>();

/** The date of the shop's calendar, `2026-03-01`: asked for anew each quarter of an hour, as it takes longer than all else here. */
function dayIn(timeZone: string): string {
  const quarter = Math.floor(Date.now() / QUARTER_MS);
  const known = days.get(timeZone);
  if (known?.quarter === quarter) return known.day;
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const day = format.format(quarter * QUARTER_MS);
  days.set(timeZone, { quarter, day });
  return day;
}

/** Made here, so that the provider knows the order by a key that survives a crash. */
function orderNumber(timeZone: string): string {
  const day = dayIn(timeZone).slice(2).replaceAll('-', '');
  const random = [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join('');
  return `MS-${day}-${random}`;
}
