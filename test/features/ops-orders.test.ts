import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock, makeUser } from '../support/factories.ts';
import { contradictions, onHand, openFloor, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
let milk: number;
let bread: number;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
  branchId = await makeBranch(shop);
  milk = await makeProduct(shop, { name: 'Milk 3%', price: '6.50' });
  bread = await makeProduct(shop, { name: 'Bread', price: '10.00' });
  await shop.sql(`update products set bin_location = case id when $1 then 'B-02-1' else 'A-10-3' end`, [milk]);
  for (const productId of [milk, bread]) await makeStock(shop, { productId, branchId, onHand: 5000 });
});

type Role = 'employee' | 'manager' | 'admin';
const lines = () => [{ productId: milk, quantity: 2 }, { productId: bread }];
const place = (options = {}) => placeOrder(shop, { userId: floor.customer.id, branchId, lines: lines(), ...options });
const get = (path: string, query = {}, role: Role = 'employee') =>
  shop.request('GET', path, { token: floor[role].token, query });
const move = (id: number | string, status: string, role: Role = 'manager') =>
  shop.request('PATCH', `/ops/orders/${id}/status`, { token: floor[role].token, body: { status } });
const statusOf = async (id: number) => (await get(`/ops/orders/${id}`)).body.data.status;

describe('the list', () => {
  it('sorts by urgency, then due time, then id, finished orders last, across pages, in one trip a page', async () => {
    const own = await makeBranch(shop);
    await makeStock(shop, { productId: milk, branchId: own, onHand: 100 });
    const at = async (dueInMinutes: number, status = 'CREATED') =>
      (await place({ branchId: own, lines: [{ productId: milk }], dueInMinutes, status })).id;
    const inTwoDays = await at(2 * 1440);
    const done = await at(-3 * 1440, 'DELIVERED');
    const canceled = await at(30, 'CANCELED');
    const soon = await at(90);
    const late = await at(-200, 'IN_PROGRESS');
    const nextWeek = await at(7 * 1440, 'READY');
    const withinAnHour = await at(59);
    const twin = await at(2 * 1440);
    await shop.sql('update orders set window_start = (select window_start from orders where id = $1) where id = $2', [
      inTwoDays,
      twin,
    ]);
    await place({ branchId: own, lines: [{ productId: milk }], placedAt: null });

    const seen: any[] = [];
    for (let offset = 0; offset < 8; offset += 3) {
      const page = await get('/ops/orders', { branch_id: own, limit: 3, offset });
      expect(page.trips).toBe(1);
      expect(page.body.meta.total).toBe(8);
      seen.push(...page.body.data);
    }
    expect(seen.map((order) => order.order_id)).toEqual([
      late,
      withinAnHour,
      soon,
      inTwoDays,
      twin,
      nextWeek,
      done,
      canceled,
    ]);
    expect(seen.map((order) => order.urgency).slice(0, 6)).toEqual([
      'critical',
      'critical',
      'dueSoon',
      'scheduled',
      'scheduled',
      'scheduled',
    ]);
    const ranks = seen.map((order) => order.urgency_rank);
    expect(ranks).toEqual(ranks.toSorted());
  });

  it('says at a glance what there is to do, when and for whom', async () => {
    const user = await makeUser(shop, { fullName: 'Noa Cohen' });
    await shop.sql(`update users set phone = '+972501112233' where id = $1`, [user.id]);
    const eggs = await makeProduct(shop, { name: 'Eggs' });
    await makeStock(shop, { productId: eggs, branchId, onHand: 10 });
    const order = await place({
      userId: user.id,
      dueAt: '2030-07-01T05:00:00Z',
      fulfillment: 'DELIVERY',
      deliveryFee: '30.00',
      lines: [...lines(), { productId: eggs, quantity: 3, pickedStatus: 'PICKED' }],
    });
    const { body } = await get('/ops/orders', { limit: 100, status: 'CREATED' });
    expect(body.data.find((row: any) => row.order_id === order.id)).toEqual({
      order_id: order.id,
      order_number: order.number,
      status: 'CREATED',
      urgency_rank: 3,
      urgency: 'scheduled',
      created_at: expect.stringMatching(/Z$/),
      items_pending: 3,
      items_count: 6,
      items_summary: 'Milk 3% ×2, Bread ×1 +1 more',
      customer_name: 'Noa Cohen',
      customer_phone: '+972501112233',
      total_amount: '83.00',
      age_restricted: null,
      fulfillment_type: 'DELIVERY',
      delivery_slot: { start_time: '08:00:00', end_time: '10:00:00', date: '2030-07-01' },
    });
  });

  it('filters by status and by the days on which orders were placed', async () => {
    const own = await makeBranch(shop);
    await makeStock(shop, { productId: milk, branchId: own, onHand: 100 });
    const at = async (placedAt: string, status?: string) =>
      (await place({ branchId: own, lines: [{ productId: milk }], placedAt, ...(status && { status }) })).id;
    const first = await at('2026-02-10T10:00:00Z');
    const second = await at('2026-02-11T10:00:00Z', 'DELIVERED');
    const ids = async (query: object) =>
      (await get('/ops/orders', { branchId: own, ...query })).body.data.map((row: any) => row.order_id);
    expect(await ids({ dateFrom: '2026-02-10', dateTo: '2026-02-10' })).toEqual([first]);
    expect(await ids({ date_from: '2026-02-11' })).toEqual([second]);
    expect(await ids({ status: 'DELIVERED' })).toEqual([second]);
    expect(await ids({ status: 'READY' })).toEqual([]);
  });

  it('is for staff', async () => {
    expect((await shop.request('GET', '/ops/orders', { token: floor.customer.token })).status).toBe(403);
    expect((await get('/ops/orders', { branch_id: 'x' })).status).toBe(400);
    expect((await get('/ops/orders', { status: 'LOST' })).status).toBe(400);
  });
});

describe('the detail', () => {
  it('shows the customer and the items in bin order, in one trip', async () => {
    const order = await place();
    const answer = await get(`/ops/orders/${order.id}`);
    expect(answer.trips).toBe(1);
    expect(answer.body.data.customer).toMatchObject({ id: floor.customer.id, email: floor.customer.email });
    expect(answer.body.data.items.map((item: any) => [item.name, item.bin_location])).toEqual([
      ['Bread', 'A-10-3'],
      ['Milk 3%', 'B-02-1'],
    ]);
    expect(answer.body.data.items[0].product).toEqual({
      name: 'Bread',
      image_url: null,
      bin_location: 'A-10-3',
      description: null,
    });
  });

  it('answers 404 for absent and unpaid orders', async () => {
    const unpaid = await place({ placedAt: null });
    for (const id of [unpaid.id, 2147483647]) {
      expect((await get(`/ops/orders/${id}`)).status).toBe(404);
      expect((await move(id, 'IN_PROGRESS')).status).toBe(404);
    }
  });
});

/** The contract's row of the lifecycle, written down once more. */
function allowedMoves(role: Role, status: string, order: { fulfillment: string; pending: boolean; missing: boolean }) {
  const { fulfillment, pending, missing } = order;
  const open = !['DELIVERED', 'CANCELED'].includes(status);
  const allowed = new Set<string>();
  if (status === 'CREATED') allowed.add('IN_PROGRESS');
  if (status === 'IN_PROGRESS' && !pending && !missing) allowed.add('READY');
  if (status === 'IN_PROGRESS' && missing) allowed.add('MISSING');
  if (role === 'employee') return [...allowed].sort();
  if (status === 'MISSING') allowed.add('IN_PROGRESS');
  if (status === 'MISSING') allowed.add('READY');
  if (status === 'READY') allowed.add(fulfillment === 'DELIVERY' ? 'OUT_FOR_DELIVERY' : 'DELIVERED');
  if (status === 'OUT_FOR_DELIVERY') allowed.add('DELIVERED');
  if (status === 'DELAYED') allowed.add('READY');
  if (open && status !== 'DELAYED') allowed.add('DELAYED');
  if (open) allowed.add('CANCELED');
  return [...allowed].sort();
}

describe('moving an order along', () => {
  const STATUSES = [
    'CREATED',
    'IN_PROGRESS',
    'READY',
    'OUT_FOR_DELIVERY',
    'DELIVERED',
    'CANCELED',
    'DELAYED',
    'MISSING',
  ];
  const LINES = [
    { pending: true, missing: false, picked: ['PENDING', 'PICKED'] },
    { pending: true, missing: true, picked: ['PENDING', 'MISSING'] },
    { pending: false, missing: true, picked: ['MISSING', 'PICKED'] },
    { pending: false, missing: false, picked: ['PICKED', 'PICKED'] },
  ];

  it.each(STATUSES)(
    'from %s names the moves open to each role, and refuses others with the present state',
    async (status) => {
      for (const fulfillment of ['DELIVERY', 'PICKUP'] as const) {
        for (const { picked, pending, missing } of LINES) {
          const order = await place({
            status,
            fulfillment,
            lines: picked.map((pickedStatus, index) => ({ productId: index ? milk : bread, pickedStatus })),
            ...(status === 'DELAYED' && { statusBeforeDelay: 'READY' }),
          });
          for (const role of ['employee', 'manager', 'admin'] as const) {
            const answer = await move(order.id, status, role);
            expect(answer.status).toBe(409);
            expect(answer.body.error).toMatchObject({
              code: 'INVALID_STATUS_TRANSITION',
              details: { status, allowed: allowedMoves(role, status, { fulfillment, pending, missing }) },
            });
          }
        }
      }
    },
  );

  it('takes a delivery from CREATED to DELIVERED, one trip a move, with a full timeline', async () => {
    const order = await place({ fulfillment: 'DELIVERY', lines: [{ productId: milk, pickedStatus: 'PICKED' }] });
    const course = ['IN_PROGRESS', 'READY', 'OUT_FOR_DELIVERY', 'DELIVERED'];
    for (const status of course) {
      const answer = await move(order.id, status);
      expect(answer.status).toBe(200);
      expect(answer.trips).toBe(1);
      expect(answer.body.data.status).toBe(status);
    }
    const { body } = await get(`/ops/orders/${order.id}`);
    expect(body.data.timeline.map((event: any) => event.status)).toEqual(['CREATED', ...course]);
    const [row] = await shop.sql('select delivered_at from orders where id = $1', [order.id]);
    expect(row!.delivered_at).not.toBeNull();
    const notes = await shop.sql(
      `select data->>'status' as status from notifications where order_id = $1 order by id`,
      [order.id],
    );
    expect(notes.map((note) => note.status)).toEqual(['CREATED', ...course]);
  });

  it('sends a delayed order back to where it was, and nowhere else', async () => {
    const order = await place({ status: 'READY', lines: [{ productId: milk, pickedStatus: 'PICKED' }] });
    expect((await move(order.id, 'DELAYED')).status).toBe(200);
    expect((await move(order.id, 'IN_PROGRESS')).body.error.details).toEqual({
      status: 'DELAYED',
      allowed: ['CANCELED', 'READY'],
    });
    expect((await move(order.id, 'READY')).status).toBe(200);
    expect((await move(order.id, 'DELIVERED')).status).toBe(200);
  });

  it('cancels on a manager’s word whatever is under way, stock and money going back once', async () => {
    const before = await onHand(shop, branchId, milk);
    const order = await place({ status: 'READY', fulfillment: 'DELIVERY', deliveryFee: '30.00' });
    const answers = await Promise.all([move(order.id, 'CANCELED'), move(order.id, 'CANCELED', 'admin')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const { body } = await get(`/ops/orders/${order.id}`);
    expect(body.data).toMatchObject({ status: 'CANCELED', refunded_amount: '53.00', total_amount: '53.00' });
    expect(await onHand(shop, branchId, milk)).toBe(before);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('is audited with who moved it and from where; a refused move leaves no trace', async () => {
    const order = await place();
    const audits = () =>
      shop.sql(
        `select action, actor_user_id, old_value->>'status' as was, new_value->>'status' as is, context->>'request_id' as request
         from audit_log where entity_type = 'order' and entity_id = $1 and old_value ? 'status' order by id`,
        [order.id],
      );
    await move(order.id, 'DELIVERED', 'employee');
    expect(await audits()).toEqual([]);
    const { headers } = await move(order.id, 'IN_PROGRESS', 'employee');
    expect(await audits()).toEqual([
      {
        action: 'UPDATE',
        actor_user_id: floor.employee.id,
        was: 'CREATED',
        is: 'IN_PROGRESS',
        request: headers.get('x-request-id'),
      },
    ]);
  });

  it('refuses bodies that are none', async () => {
    const order = await place();
    for (const body of [{}, { status: 'LOST' }, { status: 'IN_PROGRESS', note: 'x' }, []]) {
      const answer = await shop.request('PATCH', `/ops/orders/${order.id}/status`, {
        token: floor.manager.token,
        body,
      });
      expect(answer.status).toBe(400);
    }
    const path = `/ops/orders/${order.id}/status`;
    const refused = await shop.request('PATCH', path, { token: floor.customer.token, body: { status: 'READY' } });
    expect(refused.status).toBe(403);
  });
});

describe('two at once', () => {
  it('either the customer cancels or the employee starts, never both', async () => {
    const outcomes = { canceled: 0, started: 0 };
    for (let round = 0; round < 50; round += 1) {
      const order = await place();
      const cancel = () => shop.request('POST', `/orders/${order.id}/cancel`, { token: floor.customer.token });
      const start = () => move(order.id, 'IN_PROGRESS', 'employee');
      const racers = round % 2 ? [cancel(), start()] : [start(), cancel()];
      const answers = await Promise.all(racers);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      const final = await statusOf(order.id);
      const loser = answers.find((answer) => answer.status === 409)!;
      expect(loser.body.error.details.status).toBe(final);
      outcomes[final === 'CANCELED' ? 'canceled' : 'started'] += 1;
    }
    expect(outcomes.canceled + outcomes.started).toBe(50);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('lets one of ten starters win', async () => {
    const order = await place();
    const answers = await Promise.all(Array.from({ length: 10 }, () => move(order.id, 'IN_PROGRESS', 'employee')));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(9).fill(409)]);
  });
});
