import { handle } from './app.ts';
import { runScheduled } from './jobs/index.ts';

export { EventPump } from './durable-objects/event-pump.ts';
export { IdempotencyLock } from './durable-objects/idempotency-lock.ts';
export { LiveRoom } from './durable-objects/live-room.ts';
export { RateLimiter } from './durable-objects/rate-limiter.ts';
export { WebhookLane } from './durable-objects/webhook-lane.ts';

export default {
  fetch: handle,
  scheduled: (controller, env) => runScheduled(controller.cron, env),
} satisfies ExportedHandler<Env>;
