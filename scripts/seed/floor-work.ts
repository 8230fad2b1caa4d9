import type { Client } from 'pg';
import { MINUTE, timestampText } from './clock.ts';
import { insertRows, type Row } from './insert.ts';
import type { Order } from './orders.ts';
import { WAREHOUSE_ID } from './shop.ts';

const statusOf = (order: Order) => order.events.at(-1)?.status;
const startOf = (order: Order) => order.events.find((event) => event.status === 'IN_PROGRESS')?.at ?? order.placedAt;

/** One batch in progress and the last few completed ones. */
export async function insertBatches(client: Client, orders: Order[]): Promise<void> {
  const own = orders.filter((order) => order.branchId === WAREHOUSE_ID);
  const done = own.filter((order) => statusOf(order) === 'DELIVERED').slice(-3);
  const underWay = own.filter((order) => statusOf(order) === 'IN_PROGRESS');
  const openBatch = underWay.filter((order) => startOf(order) === startOf(underWay[0] ?? order));
  const doneOneByOne = done.toSorted((a, b) => startOf(a) - startOf(b)).map((order) => [order]);
  const batches = [...doneOneByOne, openBatch].filter((members) => members.length > 0);
  const rows = batches.map((members, index): Row => {
    const [first] = members;
    if (!first) throw new Error('A batch has orders');
    const ready = first.events.find((event) => event.status === 'READY' || event.status === 'MISSING');
    return {
      id: index + 1,
      status: ready ? 'COMPLETED' : 'OPEN',
      created_by: first.pickerId,
      created_at: timestampText(startOf(first)),
      completed_at: ready ? timestampText(ready.at + MINUTE) : null,
    };
  });
  await insertRows(client, 'batches', rows);
  const members = batches.flatMap((batch, index) =>
    batch.map((order) => ({ batch_id: index + 1, order_id: order.id, is_open: statusOf(order) === 'IN_PROGRESS' })),
  );
  await insertRows(client, 'batch_orders', members);
}

/** Damage reports for a few picked lines, without a stock change. */
export async function insertDamageReports(client: Client): Promise<void> {
  await client.query(`
    insert into damage_reports (order_item_id, reason, notes, reported_by, created_at)
    select id, 'Broken packaging', 'Found while packing; replaced from the shelf', picked_by, picked_at + interval '1 minute'
    from order_items where picked_status = 'PICKED' and id % 900 = 0
    order by picked_at`);
}
