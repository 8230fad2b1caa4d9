import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { AuditEntry, AuditFilters } from './schemas.ts';

type Filters = z.output<typeof AuditFilters>;
type EntryRow = z.input<typeof AuditEntry>;

export async function listAudit(call: SignedInCall, filters: Filters) {
  const [items, [count]] = await call.batch(auditPage(filters, call.config.timeZone));
  const entries = items.map(({ actor_api_key_id: key, ...entry }) =>
    key ? { ...entry, actor_api_key_id: key } : entry,
  );
  return { items: entries, total: count?.total ?? 0 };
}

/**
 * A page and the total. The keys of the page come from an index-only scan in the page's order, so that a distant page skips
 * index entries, not rows.
 */
export function auditPage(filters: Filters, timeZone: string): [Statement<EntryRow>, Statement<{ total: number }>] {
  const { limit, offset } = filters;
  const matching = sql`from audit_log a where ${matchingAudit(filters, timeZone)}`;
  return [
    statement<EntryRow>(sql`
      select a.id::float8 as id, a.entity_type, a.entity_id, a.action, a.old_value, a.new_value, a.context,
             a.actor_user_id, u.email as actor_email, a.created_at,
             a.actor_api_key_id
      from (select a.created_at, a.id ${matching} order by a.created_at desc, a.id desc limit ${limit} offset ${offset}) page
      join audit_log a on a.created_at = page.created_at and a.id = page.id
      left join users u on u.id = a.actor_user_id
      order by a.created_at desc, a.id desc`),
    statement<{ total: number }>(sql`select count(*)::int as total ${matching}`),
  ];
}

/** Condition on `audit_log a`. */
export function matchingAudit(filters: Omit<Filters, 'limit' | 'offset'>, timeZone: string): SQL {
  const { entity_type, entity_id, action, actor_id, actor_api_key_id, date_from, date_to } = filters;
  const conditions = [sql`true`];
  if (entity_type !== undefined) conditions.push(sql`a.entity_type = ${entity_type}`);
  if (entity_id !== undefined) conditions.push(sql`a.entity_id = ${entity_id}`);
  if (action !== undefined) conditions.push(sql`a.action = ${action}`);
  if (actor_id !== undefined) conditions.push(sql`a.actor_user_id = ${actor_id}`);
  if (actor_api_key_id !== undefined) conditions.push(sql`a.actor_api_key_id = ${actor_api_key_id}`);
  if (date_from !== undefined) {
    conditions.push(sql`a.created_at >= ${date_from}::date::timestamp at time zone ${timeZone}`);
  }
  if (date_to !== undefined) {
    conditions.push(sql`a.created_at < (${date_to}::date + 1)::timestamp at time zone ${timeZone}`);
  }
  return sql.join(conditions, sql` and `);
}
