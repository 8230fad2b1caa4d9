import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { Database } from '../../src/db/database.ts';
import { callFunction, callSql, type FunctionCall } from '../../src/db/function-call.ts';
import { CALLS } from '../../src/db/functions.ts';
import { statement } from '../../src/db/statement.ts';
import { addToCart, delivery, newCustomer } from '../support/customer.ts';
import { onDatabase, ownerSql } from '../support/database.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

const open = ({ database }: Shop) =>
  new Database({
    databaseUrl: onDatabase(inject('appUrl'), database),
    databaseGatewayUrl: inject('gatewayUrl'),
    databaseTimeoutMs: 10_000,
  });

/** What the driver returns of the same call in a batch. */
const inBatch = async <Row>(database: Database, call: FunctionCall<Row>): Promise<Row | undefined> => {
  const [[row]] = await database.batch([statement<Row>(sql`select * from ${callSql(call)}`)]);
  return row;
};

describe('the row of a call', () => {
  it('can be asked of every function that acts for a user', async () => {
    for (const [name, { args, columns }] of Object.entries(CALLS)) {
      const values = Object.entries(args).map(([arg, type], at) => `p_${arg} => ($1)[${at + 1}]::${type}`);
      const query = `select row_to_json(whole) from (select ${columns} from ${name}(${values.join(', ')})) whole`;
      await shop.sql(`do $do$ begin execute $$prepare tried(text[]) as ${query}$$; deallocate tried; end $do$`);
    }
  });

  it('is the same as in a batch: amounts, instants, dates, lists, JSON and null', async () => {
    const customer = await newCustomer(shop);
    const product = await makeProduct(shop, { name: `"Quoted", {braced} \\ and 'so on'`, price: '10.00' });
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 5 });
    const { body } = await addToCart(shop, customer, product, 2);
    const database = open(shop);
    const cart = callFunction('read_cart', customer.id, { branch_id: goods.warehouseId });
    expect(await database.call(cart)).toEqual(await inBatch(database, cart));
    const terms = delivery(body.data.id, goods.slots[0]!.id);
    const preview = callFunction('preview_checkout', customer.id, {
      cart_id: terms.cart_id,
      fulfillment_type: 'DELIVERY',
      branch_id: goods.warehouseId,
      slot_id: terms.delivery_slot_id,
      date: null,
      minutes: 10,
      renew_minutes: 60,
      pause_minutes: 10,
      booking_days: 60,
      time_zone: 'Asia/Jerusalem',
      address: null,
      address_id: null,
      postal_code: null,
    });
    await database.call(preview);
    const previewed = await database.call(preview);
    expect(previewed).toEqual({ ...(await inBatch(database, preview)), reserved_until: previewed.reserved_until });
    expect(previewed.reserved_until).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    expect(await database.call(cart)).toEqual(await inBatch(database, cart));
  });

  it('is the same for values too long to be copied', async () => {
    const name = `${'"\\\' ,{}'.repeat(4_000)}`;
    const call = callFunction('import_products', 1, {
      rows: JSON.stringify([{ row_number: 2, fields: { sku: 'LONG', name } }]),
      is_dry_run: true,
    });
    const database = open(shop);
    const row = await database.call(call);
    expect(row).toHaveProperty('outcome');
    expect(row).toEqual(await inBatch(database, call));
  });
});

/** Ways in which `read_cart` of a database of its own refuses, after it has written a row. */
const REFUSALS = {
  guard: `perform guard(false, 'OUT_OF_STOCK_ANYWHERE', '{"available": 3, "text": "\\"quoted\\""}')`,
  'an ended session': `raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED'`,
  'another role': `raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR'`,
  'work that is due': `raise exception using errcode = 'MSDUE', message = 'DUE'`,
  'a named constraint': `update inventory set on_hand = -1`,
  'a missing row': `insert into wishlist_items (user_id, product_id) values (p_user_id, 999999999)`,
  'a number too large': `id := 2147483647 + p_user_id`,
  'a lock': `raise exception using errcode = '55P03', message = 'canceling statement due to lock timeout'`,
  'a deadlock': `raise exception using errcode = '40P01', message = 'deadlock detected'`,
  'a bug': `id := 1 / (p_user_id - p_user_id)`,
  'an unknown function': `perform no_such_function()`,
  'a canceled statement': `raise exception using errcode = '57014', message = 'canceling statement due to statement timeout'`,
  'a missing statement': `raise exception using errcode = '26000', message = 'prepared statement "x" does not exist'`,
};

describe('a refusal of a call', () => {
  let refusing: Shop;
  let customer: { id: number };
  beforeAll(async () => {
    refusing = await openShop();
    await standardShop(refusing);
    customer = await newCustomer(refusing);
    const product = await makeProduct(refusing);
    await makeStock(refusing, { productId: product, branchId: 1, onHand: 5 });
  });

  it.each(Object.entries(REFUSALS))('is the error that it is in a batch, and leaves nothing: %s', async (_, body) => {
    const [shape] = await refusing.sql<{ result: string }>(
      `select pg_get_function_result('read_cart'::regproc) as result`,
    );
    await ownerSql(
      refusing.database,
      `create or replace function read_cart(p_user_id integer, p_branch_id integer) returns ${shape!.result} language plpgsql as $$
       begin
         insert into job_runs (schedule, succeeded_at) values ('half done', now());
         ${body};
         return next;
       end $$`,
    );
    const database = open(refusing);
    const call = callFunction('read_cart', customer.id, { branch_id: 1 });
    const failed = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => new Error('not refused'),
        (error) => error,
      );
      const { name, message, code, status, details, constraint, table, cause } = error;
      const { code: causeCode, constraint: causeConstraint, detail } = cause ?? {};
      return { name, message, code, status, details, constraint, table, causeCode, causeConstraint, detail };
    };
    const refused = await failed(database.call(call));
    const trips = database.trips;
    expect(refused.message).not.toBe('not refused');
    if (!body.includes('26000')) expect(refused).toEqual(await failed(inBatch(database, call)));
    expect(database.trips - trips).toBe(body.includes('26000') ? 0 : trips);
    expect(await refusing.sql(`select from job_runs where schedule = 'half done'`)).toEqual([]);
  });

  it('leaves no transaction open, so no lock', async () => {
    const [left] = await refusing.sql<{ open: number }>(
      `select count(*)::int as open from pg_stat_activity where datname = current_database() and xact_start is not null
       and pid <> pg_backend_pid()`,
    );
    expect(left).toEqual({ open: 0 });
  });
});
