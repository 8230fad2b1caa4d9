import type { Shop } from './shop.ts';

/** Waits until readers see everything committed so far: transactions of other tests' databases delay them as well. */
export async function settle(shop: Shop): Promise<void> {
  const [{ xid } = { xid: '' }] = await shop.sql<{ xid: string }>('select pg_current_xact_id()::text as xid');
  const isSettled = `select pg_snapshot_xmin(pg_current_snapshot()) > '${xid}'::xid8 as settled`;
  while (!(await shop.sql<{ settled: boolean }>(isSettled))[0]?.settled);
}
