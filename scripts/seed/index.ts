import pg from 'pg';
import { insertAmendments } from './amendments.ts';
import { switchAuditTriggers, writeAudit } from './audit.ts';
import { checkSeed } from './check.ts';
import { DAY, dayOf, HOUR, type LocalTime, MINUTE, shopTimeZone } from './clock.ts';
import { insertCustomerLife } from './customer-life.ts';
import { insertBatches, insertDamageReports } from './floor-work.ts';
import { advanceSequences, refuseUsedDatabase } from './insert.ts';
import { Ledger } from './ledger.ts';
import { writeNotifications } from './notifications.ts';
import { insertShop } from './opening.ts';
import { insertOrders } from './order-rows.ts';
import { simulateOrders } from './orders.ts';
import { insertPayingBack } from './paying-back.ts';
import { insertPlans } from './plans.ts';
import { insertPromotions } from './promotions.ts';
import { createRandom } from './random.ts';
import { issueReceipts } from './receipts.ts';
import { insertReserved } from './reserved.ts';
import { insertStockRequests, makeStockRequests } from './stock-requests.ts';
import { insertProposals, weighLines } from './weighing.ts';

const DAYS_BEFORE_FIRST_ORDER = 30;
const DAYS_OF_HISTORY = 60;

/**
 * Fills an empty, migrated database with a shop that has been open for three months, in one transaction.
 * The connection must be the owner's.
 */
export async function seedDevelopment(
  connectionString: string,
  onProgress: (line: string) => void = () => {},
): Promise<void> {
  if (process.env.APP_ENV === 'production')
    throw new Error('The development seed does not run with APP_ENV=production.');
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('begin');
    await refuseUsedDatabase(client);
    await fill(client, onProgress);
    await client.query('commit');
    await client.query('analyze');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

async function fill(client: pg.Client, onProgress: (line: string) => void): Promise<void> {
  const now = await localNow(client);
  const random = createRandom(20_260_101);
  await switchAuditTriggers(client, 'disable');
  await client.query(
    `select make_months(name, now() - make_interval(days => $1), 6) from monthly_tables() where kept is null`,
    [DAYS_OF_HISTORY + DAYS_BEFORE_FIRST_ORDER + 1],
  );

  const openedAt = (dayOf(now) - DAYS_OF_HISTORY - DAYS_BEFORE_FIRST_ORDER) * DAY + 8 * HOUR;
  const shop = await insertShop(client, openedAt, random);
  onProgress(`${shop.products.length} products, ${shop.branchIds.length} branches, ${shop.customers.length} customers`);

  const ledger = new Ledger(shop, random);
  const stockRequests = makeStockRequests(shop, ledger, random, now);
  const orders = simulateOrders(shop, ledger, random, now);
  ledger.settleReturns(now);
  ledger.count(now - 20 * MINUTE, random);
  await insertPromotions(client, shop);
  await insertOrders(client, orders);
  await weighLines(client);
  await insertProposals(client);
  await insertAmendments(client);
  onProgress(`${orders.length} orders of ${DAYS_OF_HISTORY} days`);

  await insertStockRequests(client, stockRequests);
  await ledger.insertShelves(client);
  await ledger.insertMovements(client);
  await insertBatches(client, orders);
  await insertDamageReports(client);
  await insertCustomerLife(client, shop, orders, random, now);
  onProgress(`${ledger.shelves.length} shelves with their stock movements`);

  await insertPayingBack(client, shop);
  await insertReserved(client);
  await issueReceipts(client);
  await writeNotifications(client);
  // Triggers write instants in the format of the Worker's sessions.
  await setTimeZone(client, 'UTC');
  await writeAudit(client);
  await setTimeZone(client, shopTimeZone);
  await switchAuditTriggers(client, 'enable');
  await advanceSequences(client);
  await insertPlans(client, shop);
  await checkSeed(client);
  onProgress('audit written, everything adds up');
}

function setTimeZone(client: pg.Client, timeZone: string) {
  return client.query(`select set_config('timezone', $1, true)`, [timeZone]);
}

/** Sets the session to the shop's time zone and returns the database's clock in it. */
async function localNow(client: pg.Client): Promise<LocalTime> {
  await setTimeZone(client, shopTimeZone);
  const { rows } = await client.query('select floor(extract(epoch from localtimestamp))::float8 as now');
  return rows[0].now;
}

if (import.meta.main) {
  const connectionString = process.env.MIGRATION_DATABASE_URL || process.env.DATABASE_URL;
  try {
    if (!connectionString) throw new Error('Set MIGRATION_DATABASE_URL to the owner of the database.');
    await seedDevelopment(connectionString, (line) => console.log(line));
  } catch (error) {
    console.error((error as Error).message || String(error));
    process.exitCode = 1;
  }
}
