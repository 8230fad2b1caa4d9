import { beforeAll, describe, expect, it } from 'vitest';
import { confirm, fillCart, newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { askRefund } from '../support/paying-back.ts';
import { buy, receiptOf, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let product: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  product = await stockedProduct(shop, goods, { price: '5.00' });
});

const serials = async (table: 'receipts' | 'credit_notes', branchId: number) => {
  const rows = await shop.sql<{ serial: number }>(
    `select serial from ${table} where branch_id = $1 and issued_on > now() - interval '2 days' order by serial`,
    [branchId],
  );
  return rows.map(({ serial }) => serial);
};
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('fifty at once', () => {
  it('have fifty receipts and, canceled at once, fifty credit notes, without a gap', async () => {
    const carts = await Promise.all(
      upTo(50).map(async () => {
        const customer = await newCustomer(shop);
        return { customer, cartId: await fillCart(shop, customer, [[product, 1]]) };
      }),
    );
    const paid = await Promise.all(
      carts.map(({ customer, cartId }) =>
        confirm(shop, customer, { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId }),
      ),
    );
    expect(paid.map(({ status }) => status)).toEqual(paid.map(() => 201));
    expect(await serials('receipts', goods.storeId)).toEqual(upTo(50));

    const canceled = await Promise.all(
      paid.map(({ body }, index) =>
        shop.request('POST', `/orders/${body.data.order_id}/cancel`, { token: carts[index]!.customer.token }),
      ),
    );
    expect(canceled.map(({ status }) => status)).toEqual(canceled.map(() => 200));
    expect(await serials('credit_notes', goods.storeId)).toEqual(upTo(50));
  });
});

describe('a number', () => {
  const pending = async () => {
    const { id: userId, token } = await signInAs(shop);
    const lines = [{ productId: product }];
    const order = await placeOrder(shop, { userId, branchId: goods.warehouseId, lines, placedAt: null });
    return { ...order, token };
  };
  const capture = (id: number) => `
    update payments set status = 'CAPTURED', captured_at = now() where order_id = ${id};
    update orders set placed_at = now() where id = ${id};`;

  it('is not used up by a capture that is rolled back', async () => {
    const before = (await serials('receipts', goods.warehouseId)).length;
    const lost = await pending();
    await expect(
      shop.sql(`do $$ begin
        ${capture(lost.id)}
        set constraints all immediate;
        if not exists (select from receipts where order_id = ${lost.id}) then raise exception 'no receipt'; end if;
        raise exception 'died after the number';
      end $$`),
    ).rejects.toThrow('died after the number');
    const next = await pending();
    await shop.sql(`do $$ begin ${capture(next.id)} end $$`);
    await shop.sql(`do $$ begin ${capture(lost.id)} end $$`);
    expect(await serials('receipts', goods.warehouseId)).toEqual(upTo(before + 2));
  });

  it('is taken at the commit: a capture that takes its time keeps no other one waiting', async () => {
    const slow = await pending();
    const quick = await pending();
    const other = shop.sql(`do $$ begin
      ${capture(slow.id)}
      perform pg_advisory_xact_lock(815);
      for attempt in 1..1000 loop
        if exists (select from receipts where order_id = ${quick.id}) then return; end if;
        perform pg_sleep(0.005);
      end loop;
      raise exception 'the other one waits';
    end $$`);
    const isCaptured = `select exists (select from pg_locks where locktype = 'advisory' and objid = 815 and granted
      and database = (select oid from pg_database where datname = current_database())) as done`;
    while (!(await shop.sql<{ done: boolean }>(isCaptured))[0]?.done);
    await shop.sql(`do $$ begin ${capture(quick.id)} end $$`);
    await other;
    const [first, second] = await Promise.all(
      [quick, slow].map(async ({ token, id }) => (await receiptOf(shop, token, id)).body.data.number),
    );
    expect(Number(second.split('-')[2])).toBe(Number(first.split('-')[2]) + 1);
  });

  it('counts for each branch and each year', async () => {
    const { id: userId, token } = await signInAs(shop);
    const numbers = [];
    for (const [branchId, placedAt] of [
      [goods.storeId, '2023-05-01T10:00:00Z'],
      [goods.warehouseId, '2023-05-01T11:00:00Z'],
      [goods.storeId, '2023-05-01T12:00:00Z'],
      [goods.storeId, '2024-05-01T12:00:00Z'],
    ] as const) {
      const { id } = await placeOrder(shop, { userId, branchId, lines: [{ productId: product }], placedAt });
      numbers.push((await receiptOf(shop, token, id)).body.data.number);
    }
    expect(numbers).toEqual([
      `R${goods.storeId}-2023-000001`,
      `R${goods.warehouseId}-2023-000001`,
      `R${goods.storeId}-2023-000002`,
      `R${goods.storeId}-2024-000001`,
    ]);
  });

  it('cannot be taken by the role of the Worker, nor a receipt written', async () => {
    for (const statement of [
      `select next_serial('RECEIPT', 1, 2026)`,
      'select issue_credit_note(1)',
      `insert into receipt_counters values ('RECEIPT', 9, 2026, 1)`,
      'update receipt_counters set last_serial = 0',
      'insert into receipts (order_id) values (1)',
    ]) {
      await expect(
        shop.sql(`do $$ begin set local role mami_app; execute $s$${statement}$s$; end $$`),
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('an answer that is lost at the commit', () => {
  it('leaves one receipt and one credit note', async () => {
    const manager = await signInAs(shop, 'MANAGER');
    const { customer, id } = await buy(shop, goods, [[product, 1]]);
    const key = crypto.randomUUID();
    await shop.fault({ mode: 'drop', when: 'after', times: 1 });
    const lost = await askRefund(shop, manager.token, id, { amount: '1.00' }, key);
    expect(lost.status).toBe(503);
    expect((await askRefund(shop, manager.token, id, { amount: '1.00' }, key)).status).toBeLessThan(300);
    expect((await receiptOf(shop, customer.token, id)).body.data.credit_notes).toMatchObject([{ amount: '1.00' }]);
  });
});
