import { expect, it } from 'vitest';
import { holdsCardNumber } from '../../src/features/profile/card-number.ts';

it.each([
  '4242424242424242',
  '4242 4242 4242 4242',
  '4242-4242-4242-4242',
  '378282246310005',
  'tok_4242424242424242',
  'card:5555555555554444;12/30',
])('finds the card number in "%s"', (text) => {
  expect(holdsCardNumber(text)).toBe(true);
});

it.each([
  'tok_approve_1',
  'tok_approve_3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  '4242424242424241',
  'pm_1Mx4242424242424242kQ',
  'cus_12345678',
  '',
])('lets "%s" pass', (text) => {
  expect(holdsCardNumber(text)).toBe(false);
});
