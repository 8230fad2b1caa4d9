import type { z } from 'zod';
import type { SignedInCall } from '../../../http/context.ts';
import type { Preview, PreviewInput } from '../schemas.ts';
import { commonTerms } from '../terms.ts';

/** A hold is renewed for so long from its first preview; after that the customer's previews hold nothing for the pause. */
export const RENEW_MINUTES = 60;
export const PAUSE_MINUTES = 10;

type PreviewRow = z.input<typeof Preview>;

/**
 * Takes or renews the cart's hold, as far as stock and slot go, and remembers the total it shows: `preview_checkout` in the
 * database.
 */
export async function preview(call: SignedInCall, terms: PreviewInput): Promise<PreviewRow> {
  const { products, ...answer } = await call.run<
    'preview_checkout',
    Pick<PreviewRow, 'fulfillment_type' | 'missing_items' | 'discounts'>
  >('preview_checkout', {
    ...commonTerms(call.config, terms),
    minutes: call.config.reservationMinutes,
    renew_minutes: RENEW_MINUTES,
    pause_minutes: PAUSE_MINUTES,
  });
  call.productsChanged(products);
  return answer;
}
