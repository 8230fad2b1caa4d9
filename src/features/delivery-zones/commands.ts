import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { onlyRow } from '../../db/change.ts';
import { guard, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type ZoneRow, zonesWhere } from './queries.ts';
import type { NewZone, ZoneChange } from './schemas.ts';

/** @throws AppError 404 for the zone or its branch, 409 ZONES_OVERLAP */
export async function saveZone(
  call: SignedInCall,
  id: number | null,
  body: z.output<typeof NewZone> | z.output<typeof ZoneChange>,
): Promise<ZoneRow> {
  const { userId } = call.user;
  const [, rows] = await call.batch([
    statement(sql`
      select set_config('app.saved_zone', saved.id::text, true)
      from save_delivery_zone(${userId}, ${id}, ${JSON.stringify(body)}::jsonb, ${call.config.deliverySourceBranchId}) saved`),
    zonesWhere(sql`id = current_setting('app.saved_zone')::int`),
  ]);
  return onlyRow(rows, 'INTERNAL_ERROR');
}

export async function deleteZone(call: SignedInCall, id: number) {
  await call.batch([
    guard(sql`exists (select from delivery_zones where id = ${id} for update)`, 'ZONE_NOT_FOUND'),
    statement(sql`delete from delivery_zones where id = ${id}`),
  ]);
  return { success: true as const };
}
