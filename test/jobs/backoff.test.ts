import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, retryDelaySeconds } from '../../src/backoff.ts';

describe('the wait before a mail is tried again', () => {
  it('grows, and ends after the last attempt', () => {
    const attempts = Array.from({ length: MAX_ATTEMPTS }, (_, index) => index + 1);
    expect(attempts.map((attempt) => retryDelaySeconds(attempt))).toEqual([
      60,
      120,
      300,
      900,
      ...Array(7).fill(1500),
      null,
    ]);
    expect(retryDelaySeconds(MAX_ATTEMPTS + 1)).toBeNull();
  });

  it('respects a longer Retry-After within reason, and is not hurried by a shorter one', () => {
    expect(retryDelaySeconds(1, 600)).toBe(600);
    expect(retryDelaySeconds(3, 1)).toBe(300);
    // The provider has forgotten a mail's key after half an hour.
    expect(retryDelaySeconds(1, 10 ** 9)).toBeLessThan(30 * 60);
    expect(retryDelaySeconds(MAX_ATTEMPTS, 600)).toBeNull();
  });
});
