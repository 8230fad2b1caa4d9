import { beforeAll, expect, it } from 'vitest';
import { amending, type Wanted } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { makeSlot } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  change = amending(shop);
  await shop.sql(`update settings set payment_mode = 'CHARGE'`);
});

it('a change that lapsed before what it held was deleted is in nobody’s way', async () => {
  const { id, customer, products } = await floor.ordered();
  const more: Wanted = [
    [products[0], 4],
    [products[1], 1],
  ];
  const slot = await makeSlot(shop, { branchId: floor.goods.warehouseId, dayOfWeek: 4, startTime: '20:00' });
  const terms = { delivery_slot_id: slot };
  const first = await change.preview(customer, id, more, terms);
  expect(first.status, first.text).toBe(200);
  await shop.sql(`update hold_lines set expires_at = now()`);
  await shop.sql(`update slot_holds set expires_at = now()`);
  await shop.sql(`update order_amendments set expires_at = now() where status = 'OPEN'`);
  await shop.sql('select lapse_amendments(100)');
  const again = await change.preview(customer, id, more, terms);
  expect(again.status, again.text).toBe(200);
  expect((await change.confirm(customer, id, again.body.data.amendment_id)).status).toBe(200);
  await expectInvariants(shop);
});
