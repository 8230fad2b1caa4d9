import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let manager: string;
let branchId: number;
let productId: number;

beforeAll(async () => {
  shop = await openShop();
  manager = (await signInAs(shop, 'MANAGER')).token;
  productId = await makeProduct(shop);
});
beforeEach(async () => {
  branchId = await makeBranch(shop);
});

const HEADER = 'product_id,branch_id,available_quantity';

function upload(text: string, { key, token = manager }: { key?: string; token?: string } = {}) {
  const form = new FormData();
  form.set('file', new File([text], 'stock.csv', { type: 'text/csv' }));
  const headers: Record<string, string> = key ? { 'Idempotency-Key': key } : {};
  return shop.request('POST', '/admin/inventory/bulk', { token, rawBody: form, headers });
}

const row = (quantity: number | string = 5) => `${productId},${branchId},${quantity}`;
const stock = async () =>
  (await shop.sql<{ on_hand: number }>('select on_hand from inventory where branch_id = $1', [branchId])).map(
    ({ on_hand }) => on_hand,
  );

describe('a row that does not fit its columns', () => {
  it('is bad, and sets nothing: 1,000 without quotes is not 1', async () => {
    const { status, body } = await upload(`${HEADER}\n${row('1,000')}`);
    expect(status).toBe(202);
    expect(body.data).toMatchObject({ success: 0, errors: 1, error_details: [{ row_number: 2 }] });
    expect(body.data.error_details[0].error).toMatch(/more cells than the file has columns/);
    expect(await stock()).toEqual([]);
  });

  it('may end with empty cells, as spreadsheets write them', async () => {
    expect((await upload(`${HEADER},,\n${row()},,,`)).body.data).toMatchObject({ success: 1, errors: 0 });
  });

  it('is numbered as a spreadsheet does, across blank rows and line breaks in quotes', async () => {
    const text = `${HEADER},note\n\n${row()},"two\nlines"\n${row('x')},"a ""quoted"" word"`;
    const { body } = await upload(text);
    expect(body.data).toMatchObject({ success: 1, errors: 1, error_details: [{ row_number: 4 }] });
  });
});

describe('a file that cannot be read for certain', () => {
  it.each([
    ['a quote that never ends', () => `${HEADER}\n${row()}\n${productId},"${branchId},5\n${row()}`, /line 3/],
    ['a quote that ends too early', () => `${HEADER}\n"${productId}"0,${branchId},5`, /line 2/],
    ['semicolons', () => `${HEADER.replaceAll(',', ';')}\n${row().replaceAll(',', ';')}`, /semicolons/],
    ['tabs', () => `${HEADER.replaceAll(',', '\t')}\n${row().replaceAll(',', '\t')}`, /tabs/],
    ['51 columns', () => `${HEADER}${',more'.repeat(48)}\n${row()}`, /at most 50 columns; this one has 51/],
    ['a cell of 201 characters', () => `${HEADER},note\n${row()},${'x'.repeat(201)}`, /row 2, column 4/],
    ['a column name of 20 KB', () => `${HEADER},${'n'.repeat(20_000)}\n${`${row('x')}\n`.repeat(2_000)}`, /longer/],
    ['five megabytes of commas in a line', () => `${HEADER}\n${','.repeat(4_900_000)}`, /Line 2 is longer/],
  ])('is refused whole, and says where: %s', async (_, text, message) => {
    const { status, body, text: answer } = await upload(text());
    expect([status, body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(body.error.message).toMatch(message);
    expect(answer.length).toBeLessThan(1_000);
    expect(await stock()).toEqual([]);
  });

  it('takes 200 characters of any script in a cell, and 50 columns', async () => {
    const text = `${HEADER}${',more'.repeat(47)}\n${row()},${'\u{1f34e}'.repeat(200)}`;
    expect((await upload(text)).body.data).toMatchObject({ success: 1, errors: 0 });
  });

  it('does not send unknown columns back', async () => {
    const { text } = await upload(`${HEADER},secret\n${row('x')},do-not-echo`);
    expect(text).not.toMatch(/secret|do-not-echo/);
  });
});

describe('an import with an Idempotency-Key', () => {
  it('answers a repeat with the same report, and changes nothing', async () => {
    const text = `${HEADER}\n${row(5)}\n${row(6)}\n0,${branchId},1`;
    const first = await upload(text, { key: 'same' });
    await upload(`${HEADER}\n${row(9)}`);
    const again = await upload(text, { key: 'same' });
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(again.trips).toBe(1);
    expect(await stock()).toEqual([9]);
  });

  it('is refused for another file under the key, and for a key that is none', async () => {
    await upload(`${HEADER}\n${row(5)}`, { key: 'other' });
    const { status, body } = await upload(`${HEADER}\n${row(6)}`, { key: 'other' });
    expect([status, body.error.code]).toEqual([409, 'IDEMPOTENCY_KEY_REUSE_MISMATCH']);
    expect((await upload(`${HEADER}\n${row(6)}`, { key: 'x'.repeat(129) })).status).toBe(400);
    expect(await stock()).toEqual([5]);
  });

  it('knows nothing of the key of another user', async () => {
    await upload(`${HEADER}\n${row(5)}`, { key: 'shared' });
    const { token } = await signInAs(shop, 'MANAGER');
    const { headers, body } = await upload(`${HEADER}\n${row(6)}`, { key: 'shared', token });
    expect([headers.get('idempotency-replayed'), body.data.success]).toEqual([null, 1]);
  });

  it('lands once, however many duplicates come at once', async () => {
    const text = `${HEADER}\n${row(5)}`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => upload(text, { key: 'crowd' })));
    const fresh = answers.filter(({ status, headers }) => status === 202 && !headers.has('idempotency-replayed'));
    expect(fresh).toHaveLength(1);
    for (const { status, body } of answers) {
      if (status !== 202) expect([status, body.error.code]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS']);
    }
    const moved = await shop.sql(
      'select delta from stock_movements m join inventory i on i.id = m.inventory_id where i.branch_id = $1',
      [branchId],
    );
    expect(moved).toEqual([{ delta: 5 }]);
  });

  it('frees the key when the file is refused', async () => {
    expect((await upload('name\nx', { key: 'freed' })).status).toBe(400);
    expect((await upload(`${HEADER}\n${row(5)}`, { key: 'freed' })).status).toBe(202);
  });
});
