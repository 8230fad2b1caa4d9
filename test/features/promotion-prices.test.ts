import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BasketLine, type Offer, type Priced, priceBasket } from '../support/basket-oracle.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

const RUNS = 10_000;
const BATCH = 1000;

interface Basket {
  lines: BasketLine[];
  offers: Offer[];
  fee: number;
  minimum: number;
}

/** Few prices and products, so that ties are common. */
const price = fc.oneof(fc.constantFrom(1, 5, 999, 1000), fc.integer({ min: 1, max: 3000 }));
const lines = fc.uniqueArray(
  fc.record({
    product_id: fc.integer({ min: 1, max: 9 }),
    category_id: fc.constant(1),
    price,
    quantity: fc.integer({ min: 1, max: 7 }),
  }),
  { minLength: 1, maxLength: 6, selector: ({ product_id }) => product_id },
);

type Terms = Pick<Offer, 'kind' | 'value' | 'take' | 'pay' | 'bundle_price'>;

const percent = fc.constantFrom(0.5, 5, 10, 33.33, 50, 99.99, 100);
const amount = fc.integer({ min: 1, max: 2500 });
const take = fc.integer({ min: 2, max: 5 });
const nothing: Omit<Terms, 'kind'> = { value: null, take: null, pay: null, bundle_price: null };
const threeForTwo = take.chain((take) =>
  fc.integer({ min: 1, max: take - 1 }).map((pay) => ({ ...nothing, kind: 'MULTI_BUY', take, pay })),
);
const terms: fc.Arbitrary<Terms> = fc.oneof(
  percent.chain((value) => fc.constantFrom('PERCENT', 'COUPON_PERCENT').map((kind) => ({ ...nothing, kind, value }))),
  amount.chain((value) =>
    fc.constantFrom('FIXED', 'MEMBER_PRICE', 'COUPON_FIXED').map((kind) => ({ ...nothing, kind, value })),
  ),
  threeForTwo,
  take.chain((take) => amount.map((bundle_price) => ({ ...nothing, kind: 'MULTI_BUY', take, bundle_price }))),
  fc.constant({ ...nothing, kind: 'FREE_DELIVERY' }),
);

const basketOf = (kinds: fc.Arbitrary<Terms>, most: number): fc.Arbitrary<Basket> =>
  lines.chain((lines) =>
    fc.record({
      lines: fc.constant(lines),
      offers: fc
        .array(
          fc.record({
            terms: kinds,
            priority: fc.constantFrom(0, 0, 1),
            stacking_group: fc.constantFrom(null, null, 'a'),
            places: fc.subarray(
              lines.map((_, index) => index + 1),
              { minLength: 1 },
            ),
          }),
          { minLength: 1, maxLength: most },
        )
        .map((offers) =>
          offers.map(({ terms, ...offer }, index) => ({
            promotion_id: index + 1,
            name: `P${index + 1}`,
            ...terms,
            ...offer,
          })),
        ),
      fee: fc.constantFrom(0, 3000),
      minimum: fc.constantFrom(0, 4000, 15_000),
    }),
  );

const PRICE = `
  select json_build_object('lines', d.lines, 'goods', d.goods, 'delivery', d.delivery, 'applied', d.applied) as priced
  from jsonb_array_elements($1::jsonb) with ordinality as b (basket, position)
  cross join lateral price_basket(
    array(select l from jsonb_populate_recordset(null::basket_line, b.basket -> 'lines') with ordinality as x
          cross join lateral (select (x.product_id, x.category_id, x.price, x.quantity)::basket_line as l) r order by x.ordinality),
    array(select o from jsonb_populate_recordset(null::promotion_offer, b.basket -> 'offers') o),
    (b.basket ->> 'fee')::bigint, (b.basket ->> 'minimum')::bigint) d
  order by b.position`;

/** As the database prices them; its amounts of promotions are in shekels. */
async function priced(baskets: Basket[]): Promise<Priced[]> {
  const rows = [];
  for (let first = 0; first < baskets.length; first += BATCH) {
    const part = JSON.stringify(baskets.slice(first, first + BATCH));
    rows.push(...(await shop.sql<{ priced: Priced }>(PRICE, [part])));
  }
  return rows.map(({ priced }) => ({
    ...priced,
    applied: priced.applied.map(({ promotion_id, amount }) => ({ promotion_id, amount: Math.round(amount * 100) })),
  }));
}

const sum = (amounts: number[]) => amounts.reduce((total, one) => total + one, 0);
const sample = (basket: fc.Arbitrary<Basket>, runs: number, seed: number) => fc.sample(basket, { numRuns: runs, seed });

describe(`${RUNS.toLocaleString('en')} random baskets`, () => {
  it('cost what counting unit by unit says, and no line less than nothing', async () => {
    const baskets = sample(basketOf(terms, 5), RUNS, 20_260_501);
    const answers = await priced(baskets);
    for (const [index, basket] of baskets.entries()) {
      const { lines, offers, fee, minimum } = basket;
      const answer = answers[index]!;
      expect(answer, JSON.stringify(basket)).toEqual(priceBasket(lines, offers, fee, minimum));
      expect(sum(answer.lines)).toBe(answer.goods);
      expect(sum(answer.applied.map((one) => one.amount))).toBe(answer.goods + answer.delivery);
      for (const [place, discount] of answer.lines.entries()) {
        expect(discount).toBeGreaterThanOrEqual(0);
        expect(discount).toBeLessThanOrEqual(lines[place]!.price * lines[place]!.quantity);
      }
    }
  });

  it('have the same discount of each product in any order of lines and promotions', async () => {
    const baskets = sample(basketOf(terms, 4), RUNS, 20_260_502);
    const turned = baskets.map(({ lines, offers, ...rest }) => ({
      ...rest,
      lines: lines.toReversed(),
      offers: offers
        .toReversed()
        .map((offer) => ({ ...offer, places: offer.places.map((place) => lines.length + 1 - place) })),
    }));
    const [straight, reversed] = [await priced(baskets), await priced(turned)];
    for (const [index, answer] of straight.entries()) {
      expect(reversed[index], JSON.stringify(baskets[index])).toEqual({ ...answer, lines: answer.lines.toReversed() });
    }
  });

  it('have their cheapest units free: no free unit is dearer than one of its group that is paid', async () => {
    const baskets = sample(basketOf(threeForTwo, 1), RUNS, 20_260_503);
    const answers = await priced(baskets);
    for (const [index, { lines, offers }] of baskets.entries()) {
      const { take, pay, places } = offers[0]!;
      const covered = lines.flatMap(({ price, quantity }, line) =>
        Array.from({ length: places.includes(line + 1) ? quantity : 0 }, () => price),
      );
      const groups = Math.floor(covered.length / take!);
      const dearestFirst = covered.sort((a, b) => b - a);
      const free = Array.from({ length: groups }, (_, group) =>
        dearestFirst.slice(group * take! + pay!, (group + 1) * take!),
      );
      expect(answers[index]!.goods, JSON.stringify(baskets[index])).toBe(sum(free.flat()));
    }
  });
});

describe('A basket of 200 lines of 10,000 units', () => {
  const lines = Array.from({ length: 200 }, (_, index) => ({
    product_id: index + 1,
    category_id: 1,
    price: 1_000_000 - (index % 7),
    quantity: 10_000 - (index % 3),
  }));
  const places = lines.map((_, index) => index + 1);
  const offer = {
    promotion_id: 1,
    name: 'P',
    value: null,
    take: 3,
    pay: null,
    bundle_price: null,
    priority: 0,
    stacking_group: null,
    places,
  };

  it.each([
    ['three for two', { kind: 'MULTI_BUY', pay: 2 }],
    ['three for an amount', { kind: 'MULTI_BUY', bundle_price: 2_000_000 }],
    ['a percentage of all', { kind: 'COUPON_PERCENT', value: 33.33, take: null }],
  ])('is priced exactly and at once: %s', async (_, terms) => {
    const started = Date.now();
    const [answer] = await priced([{ lines, offers: [{ ...offer, ...terms }], fee: 0, minimum: 0 }]);
    expect(Date.now() - started).toBeLessThan(5000);
    expect(sum(answer!.lines)).toBe(answer!.goods);
    const whole = sum(lines.map(({ price, quantity }) => price * quantity));
    expect(answer!.goods).toBeGreaterThan(0.3 * whole);
    expect(answer!.goods).toBeLessThan(0.34 * whole);
  });
});
