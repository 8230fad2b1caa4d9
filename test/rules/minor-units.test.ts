import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromMinorUnits, toMinorUnits } from '../../src/payments/stripe-objects.ts';

it.each([
  ['0.01', 1],
  ['0.10', 10],
  ['12.90', 1290],
  ['19.99', 1999],
  ['1000000.07', 100000007],
])('%s is %i', (amount, units) => {
  expect(toMinorUnits(amount)).toBe(units);
  expect(fromMinorUnits(units)).toBe(amount);
});

it('every amount survives the way there and back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (units) => {
      expect(toMinorUnits(fromMinorUnits(units))).toBe(units);
    }),
  );
});
