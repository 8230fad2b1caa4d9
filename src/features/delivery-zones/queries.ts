import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { Call, SignedInCall } from '../../http/context.ts';
import type { DeliveryCheck, Zone, ZoneFilters } from './schemas.ts';

export type ZoneRow = z.input<typeof Zone>;

export const zonesWhere = (condition: SQL): Statement<ZoneRow> =>
  statement(sql`
    select id, name, to_json(postal_codes) as postal_codes, fee, minimum, branch_id, created_at, updated_at
    from delivery_zones where ${condition}`);

export async function listZones(call: SignedInCall, { branch_id, limit, offset }: z.output<typeof ZoneFilters>) {
  const condition = branch_id === undefined ? sql`true` : sql`branch_id = ${branch_id}`;
  const [items, [count]] = await call.batch([
    zonesWhere(sql`${condition} order by lower(name), id limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from delivery_zones where ${condition}`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** Who delivers to a postal code, and for how much; without a zone the delivery source, unless the settings require one. */
export async function deliveryCheck(call: Call, postalCode: string) {
  const source = call.config.deliverySourceBranchId;
  const [[check]] = await call.batch([
    statement<z.input<typeof DeliveryCheck>>(sql`
      select zone.zone_id is not null as covered, zone.zone_id,
        case when zone.zone_id is not null then zone.branch_id when not s.require_zone then ${source}::int end as branch_id,
        case when zone.zone_id is not null or not s.require_zone then coalesce(zone.fee, s.delivery_fee) end as fee,
        case when zone.zone_id is not null or not s.require_zone then coalesce(zone.minimum, s.minimum_order_total) end as minimum
      from settings s left join zone_of(${postalCode}, ${source}) zone on true`),
  ]);
  if (!check) throw new Error('There is no settings row');
  return check;
}
