import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, retryDelaySeconds } from '../../src/jobs/backoff.ts';

describe('the wait before a mail is tried again', () => {
  it('grows, and ends after the last attempt', () => {
    const attempts = Array.from({ length: MAX_ATTEMPTS }, (_, index) => index + 1);
    expect(attempts.map((attempt) => retryDelaySeconds(attempt))).toEqual([60, 120, 300, 900, 3600, 3600, 3600, null]);
    expect(retryDelaySeconds(MAX_ATTEMPTS + 1)).toBeNull();
  });

  it('respects a longer Retry-After within reason, and is not hurried by a shorter one', () => {
    expect(retryDelaySeconds(1, 600)).toBe(600);
    expect(retryDelaySeconds(3, 1)).toBe(300);
    expect(retryDelaySeconds(1, 10 ** 9)).toBe(6 * 3600);
    expect(retryDelaySeconds(MAX_ATTEMPTS, 600)).toBeNull();
  });
});
