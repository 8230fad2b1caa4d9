import { beforeAll, describe, expect, inject, it } from 'vitest';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { expectInvariants } from '../support/invariants.ts';
import { paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let floor: AuthorizingShop;
beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  floor = await authorizingShop(shop);
});

/** What the provider has of an order, under all of its keys. */
async function atProvider(number: string) {
  const charges = (await double.charges()).filter(
    ({ idempotency_key: key }) => key === number || key.startsWith(`${number}-`),
  );
  return {
    authorized: charges.filter(({ status }) => status === 'AUTHORIZED').length,
    captured: charges
      .filter(({ status, voided }) => status === 'CAPTURED' && !voided)
      .map((one) => one.captured_amount),
  };
}

describe('an authorised order', () => {
  it('is captured once when it becomes READY twice at once', async () => {
    const { id, number } = await floor.ordered();
    await floor.pick(id);
    const answers = await Promise.all(Array.from({ length: 5 }, () => floor.move(id, 'READY')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await atProvider(number)).toEqual({ authorized: 0, captured: ['32.50'] });
  });

  it('is captured or voided, never both, when it becomes READY and is canceled at once', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, customer, number } = await floor.ordered();
      await floor.pick(id);
      const moves = [() => floor.move(id, 'READY'), () => floor.move(id, 'CANCELED')];
      if (round % 2) moves.reverse();
      await Promise.all(moves.map((move) => move()));
      await floor.runJobs();
      const order = await floor.orderOf(customer, id);
      const provider = await atProvider(number);
      expect(provider.authorized).toBe(0);
      if (order.status === 'READY') expect(provider.captured).toEqual(['32.50']);
      else expect(['VOIDED', 'REFUNDED']).toContain(order.payment_status);
    }
    await expectInvariants(shop);
  });

  it('is renewed once by two runs of the job at once', async () => {
    const { id, number } = await floor.ordered();
    await floor.lapseIn(id, 20);
    await Promise.all([floor.runJobs(), floor.runJobs(), floor.runJobs()]);
    await floor.runJobs();
    expect(await atProvider(number)).toEqual({ authorized: 1, captured: [] });
    expect(await floor.paymentOf(id)).toMatchObject({ status: 'AUTHORIZED', idempotency_key: `${number}-2` });
  });

  it('is captured once when it is renewed meanwhile', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, number } = await floor.ordered();
      await floor.pick(id);
      await floor.lapseIn(id, 20);
      await Promise.all([floor.runJobs(), floor.move(id, 'READY')]);
      await floor.runJobs();
      expect(await floor.paymentOf(id)).toMatchObject({ status: 'CAPTURED' });
      expect(await atProvider(number)).toEqual({ authorized: 0, captured: ['32.50'] });
    }
    await expectInvariants(shop);
  });

  it('has nothing reserved when it is canceled while it is renewed', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, customer, number } = await floor.ordered();
      await floor.lapseIn(id, 20);
      const cancel = shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
      await Promise.all([floor.runJobs(), cancel]);
      await floor.runJobs();
      expect(await floor.orderOf(customer, id)).toMatchObject({ status: 'CANCELED', payment_status: 'VOIDED' });
      expect(await atProvider(number)).toEqual({ authorized: 0, captured: [] });
    }
    await expectInvariants(shop);
  });
});

describe('a payment that waits for its customer', () => {
  it('is placed or let go of, never both, when time is over as the customer passes', async () => {
    for (let round = 0; round < 4; round++) {
      const { customer, buy } = await floor.basket('tok_action_required_1');
      const { order_id: id, order_number: number } = (await buy()).body.data;
      await shop.sql(
        `update payments set action_expires_at = now() - interval '1 second', checked_at = null where order_id = $1`,
        [id],
      );
      await Promise.all([floor.runJobs(), double.settleAction(number, true), buy(), buy()]);
      await floor.runJobs();
      const isPlaced = (await floor.orderOf(customer, id)) !== undefined;
      expect(await atProvider(number)).toEqual({ authorized: isPlaced ? 1 : 0, captured: [] });
      expect((await floor.paymentOf(id)).status).toBe(isPlaced ? 'AUTHORIZED' : 'DECLINED');
    }
    await expectInvariants(shop);
  });
});
