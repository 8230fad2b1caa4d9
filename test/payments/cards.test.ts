import { describe, expect, it } from 'vitest';
import { brandOf, InvalidCard, passesLuhn } from '../../src/payments/cards.ts';
import { behaviourOf, TEST_CARDS, tokenizeCard } from '../../src/payments/mockpay.ts';

const NOW = new Date('2026-11-23T10:00:00Z');

describe('saving a card', () => {
  it('accepts every documented test card and gives it its behaviour', () => {
    for (const [number, behaviour] of Object.entries(TEST_CARDS)) {
      expect(passesLuhn(number), number).toBe(true);
      expect(behaviourOf(tokenizeCard({ card_number: number }, NOW).providerToken)).toBe(behaviour);
    }
  });

  it('keeps brand and last four digits, and nothing of the rest of the number', () => {
    const saved = tokenizeCard({ card_number: '4242 4242-4242 4242' }, NOW);
    expect(saved).toMatchObject({ brand: 'visa', last4: '4242' });
    expect(tokenizeCard({ card_number: '4000000000009995' }, NOW).providerToken).not.toContain('9995');
    expect(saved.providerToken).not.toContain('42424242');
  });

  it('gives the same card another token each time', () => {
    const tokens = [1, 2].map(() => tokenizeCard({ card_number: '4242424242424242' }, NOW).providerToken);
    expect(new Set(tokens).size).toBe(2);
  });

  it.each([
    ['5555555555554444', 'mastercard'],
    ['2223003122003222', 'mastercard'],
    ['378282246310005', 'amex'],
    ['6011111111111117', 'other'],
  ])('recognises the brand of %s', (digits, brand) => {
    expect(brandOf(digits)).toBe(brand);
  });

  it.each(['4242424242424241', '0000000000000000', '42', '4242x24242424242', '٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢', ''])(
    'refuses %j without repeating it',
    (card_number) => {
      const error = refusalOf(() => tokenizeCard({ card_number }, NOW));
      expect(error.path).toBe('card_number');
      if (card_number) expect(error.message).not.toContain(card_number);
    },
  );

  it('refuses a card once its month has ended', () => {
    const card = { card_number: '4242424242424242', exp_year: 2026 };
    expect(refusalOf(() => tokenizeCard({ ...card, exp_month: 10 }, NOW)).path).toBe('exp_month');
    expect(refusalOf(() => tokenizeCard({ ...card, exp_year: 2025 }, NOW)).path).toBe('exp_year');
    expect(() => tokenizeCard({ ...card, exp_month: 11 }, NOW)).not.toThrow();
    expect(() => tokenizeCard(card, NOW)).not.toThrow();
  });
});

function refusalOf(act: () => unknown): InvalidCard {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidCard) return error;
    throw error;
  }
  throw new Error('The card was accepted');
}
