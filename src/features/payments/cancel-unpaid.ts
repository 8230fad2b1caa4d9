import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../../background.ts';
import { guard, type Statement, statement, wordList } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import { publicCacheOf } from '../../http/cache/public-cache.ts';
import { describeFailure, logLine } from '../../log.ts';
import { cancelOrder, lockOrder } from '../orders/changes.ts';

const NAME = 'cancel_unpaid';
const AT_ONCE = 20;

/** Orders that are not packed yet, whose card was refused, and whose time to name another one is over. */
const IS_UNPAID = sql`order_closes_at(o) <= now() and p.status = 'FAILED' and p.capture_amount is null
  and coalesce(o.status_before_delay, o.status) in (${wordList(['CREATED', 'IN_PROGRESS', 'MISSING'])})`;

const unpaidOrders: Statement<{ id: number }> = statement(sql`
  select o.id from payments p join orders o on o.id = p.order_id
  where p.status in ('AUTHORIZED', 'FAILED') and ${IS_UNPAID} order by o.id limit ${AT_ONCE}::int`);

/** Cancels orders that nobody has paid by the cut-off of their slot: stock and slot go back, what is left reserved is voided. */
export const cancelUnpaid: Job = {
  name: NAME,
  async run(services, allowance) {
    const counts = { canceled: 0, failed: 0 };
    while (allowance.take(1 + AT_ONCE)) {
      const [orders] = await systemBatch(services)([unpaidOrders]);
      const before = counts.canceled;
      for (const { id } of orders) {
        try {
          await systemBatch(services)([lockOrder(id), guardUnpaid(id), ...cancelOrder(id)]);
          counts.canceled += 1;
        } catch (error) {
          // Paid or canceled by somebody else meanwhile.
          if (error instanceof AppError && error.code === 'INVALID_STATUS') continue;
          counts.failed += 1;
          logLine('error', { job: NAME, request_id: services.requestId, order_id: id, ...describeFailure(error) });
        }
      }
      if (orders.length < AT_ONCE || counts.canceled === before) break;
    }
    if (counts.canceled > 0) publicCacheOf(services.config).invalidate(['products'], undefined);
    return counts;
  },
};

const guardUnpaid = (orderId: number): Statement =>
  guard(
    sql`exists (select from payments p join orders o on o.id = p.order_id where o.id = ${orderId} and ${IS_UNPAID})`,
    'INVALID_STATUS',
  );
