import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import wranglerToml from '../../wrangler.toml?raw';
import { captureLog } from '../support/captured-log.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let log: ReturnType<typeof captureLog>;
beforeAll(async () => {
  shop = await openShop();
});
beforeEach(() => {
  log = captureLog();
});
afterEach(async () => {
  await shop.fault(null);
  vi.restoreAllMocks();
});

const JOBS = {
  '*/5 * * * *': [
    'apply_prices',
    'release_holds',
    'settle_payments',
    'void_late_charges',
    'settle_refunds',
    'drain_outbox',
    'watch',
  ],
  '2-57/5 * * * *': ['drain_outbox'],
  '0 * * * *': [
    'expire_idempotency_keys',
    'expire_sessions',
    'expire_registration_codes',
    'expire_password_resets',
    'expire_login_throttles',
    'expire_outbox',
  ],
};

it('every cron expression of the deployment has its jobs, and no other one has', async () => {
  const crons: string[] = JSON.parse(/^crons = (\[.*\])$/m.exec(wranglerToml)![1]!);
  expect(crons.sort()).toEqual(Object.keys(JOBS).sort());
  await expect(shop.scheduled('*/7 * * * *')).rejects.toThrow('No jobs for the cron expression "*/7 * * * *"');
});

it.each(Object.entries(JOBS))(
  '%s writes one line for each job, even when there is nothing to do',
  async (cron, jobs) => {
    await shop.scheduled(cron);
    for (const job of jobs) {
      const line = { level: 'info', job, ms: expect.any(Number), request_id: expect.stringMatching(/^job-/) };
      expect(log.of(job)).toMatchObject([line]);
    }
  },
);

it('a job that fails stops no other one, and the run counts as failed', async () => {
  await shop.sql('alter table hold_lines rename to hold_lines_away');
  await shop.sql(`insert into outbox (kind, payload) values ('ORDER_STATUS', $1)`, [
    JSON.stringify({
      kind: 'ORDER_STATUS',
      to: { email: 'dana@example.com' },
      params: { order_number: 'MS-1', status: 'READY' },
    }),
  ]);
  await expect(shop.scheduled('*/5 * * * *')).rejects.toThrow('Failed: release_holds');
  await shop.sql('alter table hold_lines_away rename to hold_lines');
  expect(log.of('release_holds')).toMatchObject([{ level: 'error', error: { name: 'NeonDbError', code: '42P01' } }]);
  expect(log.text()).not.toContain('delete from');
  expect(await shop.sql('select status from outbox')).toEqual([{ status: 'SENT' }]);
});

it('survives a database that is away, and works again once it is back', async () => {
  await shop.fault({ mode: 'error', status: 503 });
  await expect(shop.scheduled('0 * * * *')).rejects.toThrow('Failed: expire_idempotency_keys');
  await shop.fault(null);
  for (const job of JOBS['0 * * * *']) expect(log.of(job)).toMatchObject([{ level: 'error' }]);
  await shop.scheduled('0 * * * *');
});
