import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock } from '../support/factories.ts';
import { contradictions, onHand, openFloor, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
let milk: number;
let oatMilk: number;
let order: PlacedOrder;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
  branchId = await makeBranch(shop);
  milk = await makeProduct(shop, { name: 'Milk', price: '6.50' });
  oatMilk = await makeProduct(shop, { name: 'Oat milk', price: '5.00' });
  for (const productId of [milk, oatMilk]) await makeStock(shop, { productId, branchId, onHand: 1000 });
});

const place = (options = {}) =>
  placeOrder(shop, {
    userId: floor.customer.id,
    branchId,
    lines: [{ productId: milk, quantity: 3 }, { productId: oatMilk }],
    ...options,
  });
beforeEach(async () => {
  order = await place();
});

type Person = keyof typeof floor;
const pick = (body: object, { item = 0, by = 'employee' as Person, of = order } = {}) =>
  shop.request('PATCH', `/ops/orders/${of.id}/items/${of.itemIds[item]}/picked-status`, {
    token: floor[by].token,
    body,
  });
const move = (status: string, by: Person = 'manager', id = order.id) =>
  shop.request('PATCH', `/ops/orders/${id}/status`, { token: floor[by].token, body: { status } });

/** What a move leaves behind, beside the status. */
async function traces(id: number) {
  const [row] = await shop.sql(
    `select o.status,
       (select json_agg(status order by id) from order_events where order_id = o.id) as timeline,
       (select json_agg(data ->> 'status' order by id) from notifications
        where order_id = o.id and type = 'ORDER_STATUS') as told,
       (select json_agg(json_build_array(action, old_value ->> 'status', new_value ->> 'status', actor_user_id) order by id)
        from audit_log where entity_type = 'order' and entity_id = o.id and old_value ? 'status') as audited
     from orders o where id = $1`,
    [id],
  );
  return row;
}

describe('the first word about a line of a new order', () => {
  it.each(['PICKED', 'MISSING', 'PENDING'])(
    '%s starts it as the move to IN_PROGRESS does, in one trip',
    async (word) => {
      const answer = await pick({ picked_status: word });
      expect([answer.status, answer.trips, answer.body.data.status]).toEqual([200, 1, 'IN_PROGRESS']);
      expect(answer.body.data.items[0].picked_status).toBe(word);
      expect(answer.body.data.items[0].product).toMatchObject({ name: 'Milk' });
      expect(answer.body.data.timeline.map((event: { status: string }) => event.status)).toEqual([
        'CREATED',
        'IN_PROGRESS',
      ]);

      const other = await place();
      await move('IN_PROGRESS', 'employee', other.id);
      expect(await traces(order.id)).toEqual(await traces(other.id));
      expect(await traces(order.id)).toMatchObject({
        told: ['CREATED', 'IN_PROGRESS'],
        audited: [['UPDATE', 'CREATED', 'IN_PROGRESS', floor.employee.id]],
      });
    },
  );

  it('starts it once, whatever else is said of its lines, at once or later', async () => {
    const said = await Promise.all([pick({ picked_status: 'PICKED' }), pick({ picked_status: 'PICKED' }, { item: 1 })]);
    expect(said.map(({ status }) => status)).toEqual([200, 200]);
    await pick({ picked_status: 'PENDING' });
    expect(await traces(order.id)).toMatchObject({ timeline: ['CREATED', 'IN_PROGRESS'] });
    await pick({ picked_status: 'PICKED' });
    expect((await move('READY', 'employee')).status).toBe(200);
  });

  it('replaces: the replacement is taken and the order started together', async () => {
    const before = [await onHand(shop, branchId, milk), await onHand(shop, branchId, oatMilk)];
    const answer = await pick({ picked_status: 'REPLACED', replacement_product_id: oatMilk });
    expect([answer.status, answer.body.data.status]).toEqual([200, 'IN_PROGRESS']);
    const after = [await onHand(shop, branchId, milk), await onHand(shop, branchId, oatMilk)];
    expect(after).toEqual([before[0]! + 3, before[1]! - 3]);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('leaves it CREATED, and without a trace, when it is refused', async () => {
    const unstocked = await makeProduct(shop);
    const retired = await makeProduct(shop, { isActive: false });
    const foreign = await place();
    const untouched = await traces(order.id);
    const refusals: [unknown, number][] = [
      [await pick({ picked_status: 'REPLACED', replacement_product_id: unstocked }), 409],
      [await pick({ picked_status: 'REPLACED', replacement_product_id: retired }), 404],
      [await pick({ picked_status: 'REPLACED', replacement_product_id: milk }), 422],
      [await pick({ picked_status: 'REPLACED' }), 400],
      [await pick({ picked_status: 'LOST' }), 400],
      [await pick({ picked_status: 'PICKED' }, { of: { ...order, itemIds: foreign.itemIds } }), 404],
      [await pick({ picked_status: 'PICKED' }, { by: 'customer' }), 403],
    ];
    for (const [answer, status] of refusals) expect(answer).toMatchObject({ status });
    expect(await traces(order.id)).toEqual(untouched);
    expect(await traces(order.id)).toMatchObject({ status: 'CREATED', timeline: ['CREATED'] });
  });

  it('or the customer’s cancel is first, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const raced = await place();
      const [canceled, picked] = await Promise.all([
        shop.request('POST', `/orders/${raced.id}/cancel`, { token: floor.customer.token }),
        pick({ picked_status: 'PICKED' }, { of: raced }),
      ]);
      expect([canceled.status, picked.status].toSorted()).toEqual([200, 409]);
    }
    expect(await contradictions(shop)).toEqual([]);
  });
});

describe('an order of which nothing is left', () => {
  const refused = (answer: { status: number; body: any }) => [answer.status, answer.body.error?.code];

  it('is not made READY, and is canceled with its delivery fee', async () => {
    order = await place({ fulfillment: 'DELIVERY', deliveryFee: '30.00' });
    for (const item of [0, 1]) await pick({ picked_status: 'MISSING' }, { item });
    await move('MISSING', 'employee');
    for (const by of ['manager', 'admin'] as const) {
      expect(refused(await move('READY', by))).toEqual([409, 'NOTHING_TO_DELIVER']);
    }
    const { body } = await shop.request('GET', `/ops/orders/${order.id}`, { token: floor.manager.token });
    expect(body.data).toMatchObject({ status: 'MISSING', refunded_amount: '0.00', total_amount: '54.50' });
    const canceled = await move('CANCELED');
    expect(canceled.body.data).toMatchObject({ status: 'CANCELED', refunded_amount: '54.50' });
    expect(await contradictions(shop)).toEqual([]);
  });

  it('may have lines that nobody looked for: they stay as they were', async () => {
    await pick({ picked_status: 'MISSING' });
    await move('MISSING', 'employee');
    expect(refused(await move('READY'))).toEqual([409, 'NOTHING_TO_DELIVER']);
    const { body } = await shop.request('GET', `/ops/orders/${order.id}`, { token: floor.manager.token });
    expect(body.data.items.map((item: any) => item.picked_status).toSorted()).toEqual(['MISSING', 'PENDING']);
  });

  it('is not sent back to READY out of a delay either', async () => {
    const empty = await place({
      status: 'DELAYED',
      statusBeforeDelay: 'READY',
      lines: [{ productId: milk, pickedStatus: 'MISSING' }],
    });
    expect(refused(await move('READY', 'manager', empty.id))).toEqual([409, 'NOTHING_TO_DELIVER']);
  });

  it('is none with a single line found or replaced', async () => {
    await pick({ picked_status: 'MISSING' });
    await pick({ picked_status: 'REPLACED', replacement_product_id: milk }, { item: 1 });
    await move('MISSING', 'employee');
    expect((await move('READY')).body.data).toMatchObject({ status: 'READY', refunded_amount: '19.50' });
  });
});
