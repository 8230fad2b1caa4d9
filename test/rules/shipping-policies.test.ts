import { expect, it } from 'vitest';
import { type ShopTerms, shippingPolicies } from '../../src/features/store/shipping-policies.ts';

const terms: ShopTerms = {
  delivery_min: '150.00',
  delivery_fee: '30.00',
  minimum_order_total: '0.00',
  currency: 'ILS',
  opens_at: '06:00',
  closes_at: '22:00',
};
const bodyOf = (key: string, change: Partial<ShopTerms> = {}) =>
  shippingPolicies({ ...terms, ...change }).find((policy) => policy.key === key)?.body;

it('says what a delivery costs and from which amount it is free', () => {
  expect(bodyOf('delivery')).toContain('Delivery costs 30.00 ILS and is free from 150.00 ILS upwards.');
  expect(bodyOf('delivery')).toContain('between 06:00 and 22:00');
});

it.each([{ delivery_fee: '0.00' }, { delivery_min: '0.00' }])('says that delivery is free with %o', (change) => {
  expect(bodyOf('delivery', change)).toMatch(/^Delivery is free\./);
});

it('names the smallest order only when there is one', () => {
  expect(bodyOf('delivery')).not.toContain('smallest');
  for (const key of ['delivery', 'pickup']) {
    expect(bodyOf(key, { minimum_order_total: '50.00' })).toContain('The smallest order is 50.00 ILS.');
  }
});

it('covers delivery, pickup and returns', () => {
  expect(shippingPolicies(terms).map(({ key }) => key)).toEqual(['delivery', 'pickup', 'returns']);
});
