import { makeBranch, makeCategory, makeProduct, makeSlot, makeUser, signInAs } from '../factories.ts';
import { placeOrder } from '../orders.ts';
import type { Calls, World } from './call.ts';

const manager = ({ staff }: World) => ({ token: staff.MANAGER.token });
const admin = ({ staff }: World) => ({ token: staff.ADMIN.token });
let firstDays = 0;
/** Each time another one, after every receipt. */
const nextFirstDay = () => `${2100 + ++firstDays}-01-01`;
const newName = () => `Name ${crypto.randomUUID().slice(0, 8)}`;

const ofCategory = async (world: World) => ({ ...manager(world), params: { id: await makeCategory(world.shop) } });
const ofProduct = async (world: World) => ({ ...manager(world), params: { id: await makeProduct(world.shop) } });
const ofBranch = async (world: World) => ({ ...admin(world), params: { id: await makeBranch(world.shop) } });
const ofUser = async (world: World) => ({ ...admin(world), params: { id: (await makeUser(world.shop)).id } });
/** Too small to change what the world pays. */
const newPromotion = () => ({ name: newName(), kind: 'FIXED', value: '0.01', minimum_total: '900000.00' });
const ofPromotion = async (world: World) => {
  const { body } = await world.shop.request('POST', '/admin/promotions', { ...manager(world), body: newPromotion() });
  return { ...manager(world), params: { id: body.data.id } };
};
const ofSlot = async (world: World) => {
  const branchId = await makeBranch(world.shop);
  return { ...manager(world), params: { id: await makeSlot(world.shop, { branchId, dayOfWeek: 1 }) } };
};

const tomorrow = async ({ shop }: World) => ({
  product_id: await makeProduct(shop),
  price: '7.90',
  starts_at: new Date(Date.now() + 86_400_000).toISOString(),
});
const ofPrice = async (world: World) => {
  const { body } = await world.shop.request('POST', '/admin/prices', {
    ...manager(world),
    body: await tomorrow(world),
  });
  return { ...manager(world), params: { id: body.data.id } };
};
const newException = async ({ shop }: World) => ({
  branch_id: await makeBranch(shop),
  date: '2040-04-02',
  closed: true,
  reason: 'Passover',
});
const newZone = async ({ shop }: World) => ({ name: 'Haifa', postal_codes: ['3*'], branch_id: await makeBranch(shop) });
async function newCalendar({ shop }: World) {
  const form = new FormData();
  const event = ['BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20400402', 'SUMMARY:Passover', 'END:VEVENT'];
  const text = ['BEGIN:VCALENDAR', ...event, 'END:VCALENDAR'].join('\r\n');
  form.set('file', new File([text], 'holidays.ics', { type: 'text/calendar' }));
  form.set('branch_id', String(await makeBranch(shop)));
  return form;
}
async function ofZone(world: World) {
  const { body } = await world.shop.request('POST', '/admin/delivery-zones', {
    ...manager(world),
    body: await newZone(world),
  });
  return { ...manager(world), params: { id: body.data.id } };
}

/** Asked for by somebody else, above what needs no second manager. */
async function waitingRefund({ shop, goods, staff }: World): Promise<number> {
  const { id: userId } = await makeUser(shop);
  const order = await placeOrder(shop, {
    userId,
    branchId: goods.storeId,
    lines: [{ productId: goods.products[1]!.id, unitPrice: '6.00' }],
  });
  const asker = await signInAs(shop, 'MANAGER');
  await shop.request('PUT', '/admin/settings', { token: staff.ADMIN.token, body: { refund_approval_over: '2.00' } });
  const { body } = await shop.request('POST', `/ops/orders/${order.id}/refunds`, {
    token: asker.token,
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    body: { amount: '3.00', reason: 'Late' },
  });
  return body.data.id;
}

function productFile(categoryId: number): FormData {
  const form = new FormData();
  form.set(
    'file',
    new File([`sku,name,price,category_id\nNEW-${crypto.randomUUID().slice(0, 8)},Oats,5.00,${categoryId}`], 'p.csv'),
  );
  return form;
}

const newApiKey = { name: 'Scanner', scopes: ['ops:read'] };

/** At an address that nothing is ever sent to. */
async function ofWebhook(world: World) {
  const [webhook] = await world.shop.sql<{ id: number }>(
    `insert into webhooks (url, events, secret) values ('https://localhost/', '{claim.updated}', 'whsec_AAAA') returning id`,
  );
  return { ...admin(world), params: { id: webhook!.id } };
}

async function ofDelivery(world: World) {
  const { params, ...call } = await ofWebhook(world);
  const [delivery] = await world.shop.sql<{ id: number }>(
    `insert into webhook_deliveries (webhook_id, event_id, type, payload, status, settled_at)
     values ($1, 1, 'claim.updated', '{}', 'SUCCEEDED', now()) returning id`,
    [params.id],
  );
  return { ...call, params: { ...params, delivery_id: delivery!.id } };
}

export const adminCalls: Calls = {
  'GET /admin/api-keys': admin,
  'POST /admin/api-keys': (world) => ({ ...admin(world), body: newApiKey }),
  'DELETE /admin/api-keys/{id}': async (world) => {
    const { body } = await world.shop.request('POST', '/admin/api-keys', { ...admin(world), body: newApiKey });
    return { ...admin(world), params: { id: body.data.id } };
  },
  'GET /admin/webhooks': admin,
  'POST /admin/webhooks': async (world) => {
    await world.shop.sql('delete from webhooks');
    return { ...admin(world), body: { url: 'https://93.184.216.34/hook', events: ['claim.updated'] } };
  },
  'PATCH /admin/webhooks/{id}': async (world) => ({ ...(await ofWebhook(world)), body: { events: ['claim.updated'] } }),
  'DELETE /admin/webhooks/{id}': ofWebhook,
  'POST /admin/webhooks/{id}/rotate': ofWebhook,
  'GET /admin/webhooks/{id}/deliveries': ofWebhook,
  'POST /admin/webhooks/{id}/deliveries/{delivery_id}/replay': ofDelivery,
  'POST /admin/categories': (world) => ({ ...manager(world), body: { name: newName() } }),
  'PATCH /admin/categories/{id}': async (world) => ({ ...(await ofCategory(world)), body: { name: newName() } }),
  'PATCH /admin/categories/{id}/toggle': ofCategory,
  'GET /admin/tax-rates': admin,
  'POST /admin/tax-rates': (world) => ({ ...admin(world), body: { rate: '19.00', first_day: nextFirstDay() } }),
  'GET /admin/search-synonyms': manager,
  'POST /admin/search-synonyms': (world) => ({ ...manager(world), body: { words: [newName(), newName()] } }),
  'DELETE /admin/search-synonyms/{id}': async (world) => {
    const { body } = await world.shop.request('POST', '/admin/search-synonyms', {
      ...manager(world),
      body: { words: [newName(), newName()] },
    });
    return { ...manager(world), params: { id: body.data.id } };
  },
  'GET /admin/products': manager,
  'POST /admin/products': async (world) => ({
    ...manager(world),
    body: {
      name: newName(),
      sku: crypto.randomUUID().slice(0, 18),
      price: '4.90',
      category_id: world.goods.categories.Milk,
    },
  }),
  'PATCH /admin/products/{id}': async (world) => ({ ...(await ofProduct(world)), body: { price: 5.5 } }),
  'PATCH /admin/products/{id}/toggle': ofProduct,
  'GET /admin/prices': manager,
  'POST /admin/prices': async (world) => ({ ...manager(world), body: await tomorrow(world) }),
  'PATCH /admin/prices/{id}': async (world) => ({ ...(await ofPrice(world)), body: { price: '6.90' } }),
  'DELETE /admin/prices/{id}': ofPrice,
  'GET /admin/delivery-slots': manager,
  'POST /admin/delivery-slots': async (world) => ({
    ...manager(world),
    body: { branch_id: await makeBranch(world.shop), day_of_week: 2, start_time: '08:00', end_time: '10:00' },
  }),
  'PATCH /admin/delivery-slots/{id}': async (world) => ({ ...(await ofSlot(world)), body: { capacity: 10 } }),
  'PATCH /admin/delivery-slots/{id}/toggle': ofSlot,
  'GET /admin/slot-exceptions': manager,
  'POST /admin/slot-exceptions': async (world) => ({ ...manager(world), body: await newException(world) }),
  'POST /admin/slot-exceptions/import': async (world) => ({ ...manager(world), rawBody: await newCalendar(world) }),
  'DELETE /admin/slot-exceptions/{id}': async (world) => {
    const options = { ...manager(world), body: await newException(world) };
    const { body } = await world.shop.request('POST', '/admin/slot-exceptions', options);
    return { ...manager(world), params: { id: body.data.id } };
  },
  'GET /admin/delivery-zones': manager,
  'POST /admin/delivery-zones': async (world) => ({ ...manager(world), body: await newZone(world) }),
  'PATCH /admin/delivery-zones/{id}': async (world) => ({ ...(await ofZone(world)), body: { fee: '25.00' } }),
  'DELETE /admin/delivery-zones/{id}': ofZone,
  'GET /admin/promotions': manager,
  'POST /admin/promotions': (world) => ({ ...manager(world), body: newPromotion() }),
  'PATCH /admin/promotions/{id}': async (world) => ({ ...(await ofPromotion(world)), body: { priority: 1 } }),
  'PATCH /admin/promotions/{id}/toggle': ofPromotion,
  'GET /admin/branches': admin,
  'POST /admin/branches': (world) => ({ ...admin(world), body: { name: newName(), address: '1 Herzl Street, Haifa' } }),
  'PATCH /admin/branches/{id}': async (world) => ({ ...(await ofBranch(world)), body: { name: newName() } }),
  'PATCH /admin/branches/{id}/toggle': ofBranch,
  'GET /admin/users': admin,
  'POST /admin/users': (world) => ({
    ...admin(world),
    body: {
      email: `${crypto.randomUUID()}@example.com`,
      password: 'Carmel-2026',
      full_name: 'Noa Cohen',
      role: 'EMPLOYEE',
    },
  }),
  'GET /admin/users/{id}': ofUser,
  'PATCH /admin/users/{id}': async (world) => ({ ...(await ofUser(world)), body: { full_name: 'Noa Cohen' } }),
  'PATCH /admin/users/{id}/toggle': ofUser,
  'POST /admin/users/{id}/credit': async (world) => ({
    ...manager(world),
    params: { id: (await makeUser(world.shop)).id },
    body: { amount: '20.00', reason: 'Late delivery' },
  }),
  'GET /admin/refunds': manager,
  'PATCH /admin/refunds/{id}': async (world) => ({
    ...manager(world),
    params: { id: await waitingRefund(world) },
    body: { status: 'REJECTED' },
  }),
  'GET /admin/settings': admin,
  'PUT /admin/settings': (world) => ({ ...admin(world), body: { delivery_fee: '30.00' } }),
  'GET /admin/analytics/revenue': (world) => ({ ...manager(world), query: { range: '30d' } }),
  'GET /admin/analytics/top-products': (world) => ({ ...manager(world), query: { range: '30d' } }),
  'GET /admin/analytics/orders': (world) => ({ ...manager(world), query: { range: '30d' } }),
  'GET /admin/analytics/inventory': manager,
  'GET /admin/audit': admin,
  'GET /admin/audit/export': admin,
  'GET /admin/products/export': manager,
  'GET /admin/inventory/export': manager,
  'GET /admin/orders/export': manager,
  'POST /admin/products/bulk': async (world) => ({
    ...manager(world),
    rawBody: productFile(await makeCategory(world.shop)),
  }),
};
