import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../../../db/statement.ts';
import { AppError } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { type Claim, LEASE_SECONDS } from '../idempotency.ts';
import type { ConfirmInput } from '../schemas.ts';
import type { PendingPayment } from '../settle.ts';
import { fulfillingBranch, slotTerms } from '../terms.ts';

/**
 * First batch of a confirm: claims the key, decides, takes stock and slot, and leaves an order that nobody sees yet with
 * a pending payment: `place_order` in the database.
 * @throws AppError whose `knownKeyOf` is set when the key was used before
 */
export async function place(call: SignedInCall, claim: Claim, terms: ConfirmInput): Promise<PendingPayment> {
  const { config } = call;
  const branchId = fulfillingBranch(config, terms);
  if (terms.fulfillment_type === 'DELIVERY' && !terms.delivery_slot_id) throw new AppError('SLOT_REQUIRED');
  const order: Statement<PendingPayment & { products: number[] }> = statement(sql`
    select * from place_order(p_user_id => ${claim.userId}, p_cart_id => ${terms.cart_id},
      p_fulfillment_type => ${terms.fulfillment_type}, p_branch_id => ${branchId}, ${slotTerms(config, terms)},
      p_address => ${terms.address ?? null}, p_address_id => ${terms.address_id ?? null},
      p_token_id => ${terms.payment_token_id}, p_save_as_default => ${terms.save_as_default ?? false},
      p_expected_total => ${terms.expected_total ?? null}, p_order_number => ${orderNumber()},
      p_key => ${claim.key}, p_fingerprint => ${claim.fingerprint}, p_attempt => ${claim.attempt},
      p_lease_seconds => ${LEASE_SECONDS})`);
  const [[placed]] = await call.batch([order]);
  if (!placed) throw new Error('a confirmed cart without an order');
  const { products, ...payment } = placed;
  call.touched(products);
  return payment;
}

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Made here, so that the provider can be told of the order by a key that no crash can lose. */
function orderNumber(): string {
  const day = new Date().toISOString().slice(2, 10).replaceAll('-', '');
  const random = [...crypto.getRandomValues(new Uint8Array(8))]
    .map((byte) => ALPHABET[byte % ALPHABET.length])
    .join('');
  return `MS-${day}-${random}`;
}
