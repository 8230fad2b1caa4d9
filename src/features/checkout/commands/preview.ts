import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import type { Preview, PreviewInput } from '../schemas.ts';
import { fulfillingBranch, slotTerms } from '../terms.ts';

type PreviewRow = z.input<typeof Preview>;

/**
 * Takes or renews the cart's hold, as far as stock and slot go, and remembers the total it shows: `preview_checkout` in the
 * database.
 */
export async function preview(call: SignedInCall, terms: PreviewInput): Promise<PreviewRow> {
  const { config } = call;
  const hold: Statement<PreviewRow & { products: number[] }> = statement(sql`
    select * from preview_checkout(p_user_id => ${call.user.userId}, p_cart_id => ${terms.cart_id},
      p_fulfillment_type => ${terms.fulfillment_type}, p_branch_id => ${fulfillingBranch(config, terms)},
      ${slotTerms(config, terms)}, p_minutes => ${config.reservationMinutes})`);
  const [[shown]] = await call.batch([hold]);
  if (!shown) throw new Error('a preview without its row');
  const { products, ...answer } = shown;
  call.touched(products);
  return answer;
}
