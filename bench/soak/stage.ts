import pg from 'pg';
import { enableAppRole } from '../../scripts/app-role.ts';
import { type Gateway, startGateway } from '../../scripts/gateway.ts';
import { makeMigrated } from '../../scripts/migrate.ts';
import { startPostgres } from '../../scripts/postgres.ts';
import { startFakePaymentProvider } from '../../test/support/fake-payment-provider.ts';
import { startFakeReceiver } from '../../test/support/fake-receiver.ts';
import { paymentDouble } from '../../test/support/payment-double.ts';
import { prepareWorkerd, type Workerd } from '../workerd.ts';

const DATABASE = 'soak';
const PORT = 18_797;
const CRON_PORT = 18_798;
export const API = `http://127.0.0.1:${PORT}/api/v1`;
/** The payment timeout; after a few of these no request is still waiting for the charge. */
const PAYMENT_TIMEOUT_MS = 1_000;

/** The environment of the run: a small shop, the production bundle on workerd, and every dependency that can fail. */
export interface Stage {
  owner: pg.Pool;
  gateway: Gateway;
  database: string;
  payments: ReturnType<typeof paymentDouble>;
  /** Where webhooks go. */
  receiver: { url: string };
  /** Kills the Worker and starts it again. */
  crash(): Promise<void>;
  /** Runs the scheduled jobs of a cron expression; false without a response. */
  scheduled(cron: string): Promise<boolean>;
  /** Expires leases and delays, so that minutes take seconds. */
  expireLeases(): Promise<void>;
}

type Keep = (part: { stop(): Promise<void> }) => void;

export async function openStage(keep: Keep): Promise<Stage> {
  const postgres = await startPostgres();
  keep(postgres);
  const ownerUrl = await makeMigrated(postgres.connectionString, DATABASE);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 3 });
  owner.on('error', () => {});
  keep({ stop: () => owner.end() });
  await owner.query(SHOP);
  const appUrl = await enableAppRole(ownerUrl);
  const gateway = await startGateway();
  keep(gateway);
  const provider = await startFakePaymentProvider();
  keep(provider);
  const payments = paymentDouble(provider.url);
  const receiver = await startFakeReceiver();
  keep(receiver);
  const vars = {
    // The gateway replaces Neon and the test double the provider; both are allowed in development only.
    APP_ENV: 'development',
    DATABASE_URL: appUrl,
    DATABASE_GATEWAY_URL: gateway.url,
    DATABASE_TIMEOUT_MS: '3000',
    MOCKPAY_URL: payments.url,
    PAYMENT_TIMEOUT_MS: String(PAYMENT_TIMEOUT_MS),
    JWT_SECRET_KEY: 'the-soak-signs-with-forty-characters-of-its-own',
    CORS_ALLOWED_ORIGINS: 'http://localhost:5173',
    FRONTEND_BASE_URL: 'http://localhost:5173',
    DELIVERY_SOURCE_BRANCH_ID: '1',
    RATE_LIMIT_BROWSE: '',
    RATE_LIMIT_SHOP: '',
    RATE_LIMIT_STAFF: '',
    RATE_LIMIT_DEFAULTS: '',
    BCRYPT_COST: '4',
    RESERVATION_MINUTES: '1',
    WEBHOOK_ALLOW_PRIVATE: 'true',
  };
  const site = await prepareWorkerd(false, [{ name: 'api', bundle: 'api', port: PORT, vars, cronPort: CRON_PORT }]);
  keep({ stop: site.remove });
  let workerd: Workerd = await site.start();
  keep({ stop: () => workerd.stop() });
  return {
    owner,
    gateway,
    database: DATABASE,
    payments,
    receiver,
    async crash() {
      await workerd.kill();
      workerd = await site.start();
    },
    scheduled: (cron) =>
      fetch(`http://127.0.0.1:${CRON_PORT}/?cron=${encodeURIComponent(cron)}`, {
        signal: AbortSignal.timeout(60_000),
      }).then(
        async (answer) => answer.ok && ((await answer.json()) as { outcome: string }).outcome === 'ok',
        () => false,
      ),
    expireLeases: async () => {
      await owner.query(EXPIRE_LEASES);
    },
  };
}

/** Twice the time in which both the charge and the query for it time out. */
const TIMED_OUT = `interval '${(PAYMENT_TIMEOUT_MS * 5) / 1000} seconds'`;
const EXPIRE_LEASES = `
  update payments set created_at = created_at - interval '3 minutes', checked_at = null
    where status = 'PENDING' and created_at < now() - ${TIMED_OUT};
  update orders o set canceled_at = canceled_at - interval '10 minutes' from payments p
    where p.order_id = o.id and p.decline_reason = 'not_charged' and o.canceled_at > now() - interval '20 hours';
  update payments set checked_at = checked_at - interval '5 minutes' where decline_reason = 'late_charge';
  update payments set checked_at = checked_at - interval '3 minutes' where status in ('ACTION_REQUIRED', 'AUTHORIZED');
  update payments set action_expires_at = action_expires_at - interval '3 minutes' where status = 'ACTION_REQUIRED';
  update payment_voids set next_attempt_at = now() where status = 'PENDING' and next_attempt_at > now() + interval '3 minutes';
  update idempotency_keys set leased_until = now()
    where response_status is null and created_at < now() - ${TIMED_OUT};
  update refunds set next_attempt_at = now() where status = 'PENDING' and next_attempt_at > now() + interval '3 minutes';
  update outbox set next_attempt_at = now() where status = 'PENDING' and next_attempt_at > now() + interval '3 minutes';
  update webhook_deliveries set next_attempt_at = now()
    where status = 'PENDING' and attempts < 6 and next_attempt_at > now() + interval '3 minutes'`;

export const CUSTOMERS = 16;
/** The hash of "Password1". */
const HASH = '$2b$04$12lIov5.ShvuezKTJh033OTV0RIPjBmIgngbwXnq0YdWDW0hwjP.O';

/** Two branches, forty products that can sell out, slots that can fill up, users of every role, cards of every kind. */
const SHOP = `
  insert into branches (name, address) values ('Warehouse', '3 HaTaasiya Street, Haifa'), ('Center', '1 Herzl Street, Haifa');
  insert into categories (name) values ('Groceries');
  insert into products (name, sku, price, category_id)
    select 'Product ' || n, 'SKU-' || n, (n % 17 + 1) + 0.90, 1 from generate_series(1, 40) n;
  insert into inventory (product_id, branch_id, reorder_point) select p.id, b.id, 5 from products p, branches b;
  insert into stock_movements (inventory_id, delta, reason) select id, 60, 'INITIAL' from inventory;
  insert into delivery_slots (branch_id, day_of_week, start_time, end_time, capacity)
    select 1, day, make_time(hour, 0, 0), make_time(hour + 2, 0, 0), 40
    from generate_series(0, 6) day, generate_series(8, 18, 2) hour;
  insert into users (email, password_hash, full_name, role)
    select 'customer' || n || '@soak.local', '${HASH}', 'Dana Levi', 'CUSTOMER' from generate_series(1, ${CUSTOMERS}) n
    union all select lower(role) || '@soak.local', '${HASH}', 'Noa Cohen', role
    from unnest('{EMPLOYEE,MANAGER,ADMIN}'::text[]) role;
  insert into addresses (user_id, address_line, city, postal_code, country, is_default)
    select id, '5 Allenby Street', 'Tel Aviv', '6332101', 'Israel', true from users where role = 'CUSTOMER';
  insert into payment_tokens (user_id, provider, provider_token, brand, last4, exp_month, exp_year, is_default)
    select u.id, 'mockpay', temper || u.id, 'Visa', '4242', 12, 2040, temper = 'tok_approve_'
    from users u, unnest('{tok_approve_,tok_decline_,tok_timeout_charged_,tok_timeout_lost_,tok_action_required_,tok_capture_fails_}'::text[]) temper
    where u.role = 'CUSTOMER'`;
