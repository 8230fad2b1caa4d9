import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { DeliveriesQuery, DeliveryRow, WebhookRow } from './schemas.ts';

const COLUMNS = sql.raw(`id, url, to_json(events) as events, is_active,
  case when previous_secret_until > now() then previous_secret_until end as previous_secret_until, disabled_at, disabled_reason,
  created_at, updated_at`);

const DELIVERY_COLUMNS = sql.raw(`id, webhook_id, 'evt_' || event_id as message_id, type, status, attempts,
  case status when 'PENDING' then next_attempt_at end as next_attempt_at, response_status, last_error, created_at, settled_at`);

export const webhookWhere = (condition: SQL): Statement<WebhookRow> =>
  statement(sql`select ${COLUMNS} from webhooks where ${condition}`);

export const deliveryWhere = (condition: SQL): Statement<DeliveryRow> =>
  statement(sql`select ${DELIVERY_COLUMNS} from webhook_deliveries where ${condition}`);

export const guardWebhook = (id: number): Statement =>
  guard(sql`(select id from webhooks where id = ${id} for update) is not null`, 'NOT_FOUND');

export async function listWebhooks(call: SignedInCall, { limit, offset }: { limit: number; offset: number }) {
  const [items, [count]] = await call.batch([
    webhookWhere(sql`true order by id limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from webhooks`),
  ]);
  return { items, total: count?.total ?? 0 };
}

/** Newest first. @throws AppError 404 */
export async function listDeliveries(call: SignedInCall, webhookId: number, query: z.output<typeof DeliveriesQuery>) {
  const { status, limit, offset } = query;
  const where = sql`webhook_id = ${webhookId} and ${status ? sql`status = ${status}` : sql`true`}`;
  const [, items, [count]] = await call.batch([
    guardWebhook(webhookId),
    deliveryWhere(sql`${where} order by id desc limit ${limit} offset ${offset}`),
    statement<{ total: number }>(sql`select count(*)::int as total from webhook_deliveries where ${where}`),
  ]);
  return { items, total: count?.total ?? 0 };
}
