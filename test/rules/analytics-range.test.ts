import { describe, expect, it } from 'vitest';
import { granularityOf, rangeOf } from '../../src/features/analytics/range.ts';

describe('a range of analytics', () => {
  it('is a number of days, months or years', () => {
    expect(rangeOf('30d')).toEqual({ count: 30, unit: 'day' });
    expect(rangeOf('12m')).toEqual({ count: 12, unit: 'month' });
    expect(rangeOf('2y')).toEqual({ count: 2, unit: 'year' });
  });

  it('reaches back ten years at most', () => {
    expect([rangeOf('3660d'), rangeOf('120m'), rangeOf('10y')]).not.toContain(undefined);
    for (const text of ['3661d', '121m', '11y', '0d', '-1d', '1.5m', '30', 'd', '30w', '99999d', '1d2m', '']) {
      expect([text, rangeOf(text)]).toEqual([text, undefined]);
    }
  });

  it('is shown as finely as reads well', () => {
    const shown = ['1d', '92d', '93d', '1m', '120m', '1y', '3y', '4y'].map((text) => granularityOf(rangeOf(text)!));
    expect(shown).toEqual(['day', 'day', 'month', 'month', 'month', 'month', 'month', 'year']);
  });
});
