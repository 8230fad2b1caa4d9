import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRow } from '../../db/rows.ts';
import { guard, setAuditAction, statement, textArray } from '../../db/statement.ts';
import { AppError, unavailable } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { ResolverDown, refusalNow } from '../../webhooks/resolve.ts';
import { newSecret } from '../../webhooks/signature.ts';
import { publishSoon } from '../events/publish.ts';
import { pumpOf } from '../events/pump.ts';
import { deliveryWhere, guardWebhook, webhookWhere } from './queries.ts';
import type { NewWebhook, WebhookRow } from './schemas.ts';

const MAX_WEBHOOKS = 50;
type Fields = z.output<typeof NewWebhook>;
type Changes = { [K in keyof Fields]?: Fields[K] | undefined };

/** @throws AppError 400 WEBHOOK_URL_REFUSED, 503 while names cannot be resolved */
async function checkAddress({ config }: SignedInCall, url: string): Promise<void> {
  try {
    const refusal = await refusalNow(url, config.webhooks);
    if (refusal) throw new AppError('WEBHOOK_URL_REFUSED', `url: ${refusal}`, { details: { url } });
  } catch (error) {
    throw error instanceof ResolverDown ? unavailable(5, error) : error;
  }
}

/** @throws AppError 400 WEBHOOK_URL_REFUSED, 422 UNPROCESSABLE when there are too many */
export async function addWebhook(call: SignedInCall, { url, events, is_active = true }: Fields) {
  await checkAddress(call, url);
  const secret = newSecret();
  const results = await call.batch([
    statement(sql`select pg_advisory_xact_lock(hashtext('webhooks'))`),
    guard(sql`(select count(*) from webhooks) < ${MAX_WEBHOOKS}::int`, 'UNPROCESSABLE'),
    statement(sql`
      insert into webhooks (url, events, secret, is_active) values (${url}, ${textArray(events)}, ${secret}, ${is_active})`),
    webhookWhere(sql`secret = ${secret}`),
  ]);
  await pumpOf(call.env, call.config).want();
  return { ...lastRow(results), secret };
}

/** Switched on, it hears of what happens from then on, and of what waited when it was switched off. @throws AppError 400, 404 */
export async function changeWebhook(call: SignedInCall, id: number, { url, events, is_active }: Changes) {
  if (url !== undefined) await checkAddress(call, url);
  const wanted = events ? textArray(events) : sql`null`;
  const isActivated = sql`${is_active ?? null}::boolean and not is_active`;
  const results = await call.batch([
    guardWebhook(id),
    statement(sql`
      update webhooks set
        url = coalesce(${url ?? null}, url),
        events = coalesce(${wanted}, events),
        since = case when ${isActivated} then pg_current_xact_id() else since end,
        disabled_at = case when ${isActivated} then null else disabled_at end,
        disabled_reason = case when ${isActivated} then null else disabled_reason end,
        is_active = coalesce(${is_active ?? null}::boolean, is_active),
        updated_at = now()
      where id = ${id}`),
    webhookWhere(sql`id = ${id}`),
  ]);
  await pumpOf(call.env, call.config).want();
  return lastRow(results);
}

/** @throws AppError 404 */
export async function removeWebhook(call: SignedInCall, id: number) {
  await call.batch([guardWebhook(id), statement(sql`delete from webhooks where id = ${id}`)]);
  return { success: true as const };
}

/** The old secret signs as well for 24 hours; one that was rotated before ends at once. @throws AppError 404 */
export async function rotateSecret(call: SignedInCall, id: number): Promise<WebhookRow & { secret: string }> {
  const secret = newSecret();
  const results = await call.batch([
    guardWebhook(id),
    setAuditAction('webhook', 'ROTATE_SECRET'),
    statement(sql`
      update webhooks set previous_secret = secret, previous_secret_until = now() + interval '24 hours', secret = ${secret},
        updated_at = now()
      where id = ${id}`),
    webhookWhere(sql`id = ${id}`),
  ]);
  return { ...lastRow(results), secret };
}

/** Sends a delivery once more, under the same id. @throws AppError 404, 409 while the webhook is switched off */
export async function replayDelivery(call: SignedInCall, webhookId: number, deliveryId: number) {
  const results = await call.batch([
    guardWebhook(webhookId),
    guard(
      sql`exists (select from webhook_deliveries where id = ${deliveryId} and webhook_id = ${webhookId})`,
      'NOT_FOUND',
    ),
    guard(
      sql`(select is_active from webhooks where id = ${webhookId})`,
      'INVALID_STATUS',
      sql`'{"is_active": false}'::jsonb`,
    ),
    statement(sql`
      update webhook_deliveries set status = 'PENDING', attempts = 0, next_attempt_at = now(), settled_at = null
      where id = ${deliveryId} and webhook_id = ${webhookId}`),
    deliveryWhere(sql`id = ${deliveryId}`),
  ]);
  publishSoon(call);
  return lastRow(results);
}
