import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { Settings } from './schemas.ts';

export const SETTINGS = statement<z.input<typeof Settings>>(sql`
  select delivery_min, delivery_fee, minimum_order_total, currency, refund_approval_over, claim_hours, claim_auto_approve_under,
         payment_mode, authorization_margin_percent, weight_overage, proposal_minutes, seller_name, seller_address, seller_tax_id,
         receipt_language, require_zone, require_staff_totp, branch_scoped_staff, updated_at, updated_by,
         to_char(opens_at, 'HH24:MI') || '-' || to_char(closes_at, 'HH24:MI') as slots
  from settings`);

export async function currentSettings(call: SignedInCall) {
  const [rows] = await call.batch([SETTINGS]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}
