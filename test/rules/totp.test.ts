import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { acceptedStep, newRecoveryCodes, newSecret, normalizedRecoveryCode } from '../../src/features/auth/totp.ts';

/** The key of the examples in RFC 6238, appendix B. */
const RFC_SECRET = Secret.fromUTF8('12345678901234567890').base32;

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i seconds is that of RFC 6238', (seconds, code) => {
    expect(acceptedStep(RFC_SECRET, code, seconds, null)).toBe(Math.floor(seconds / 30));
  });

  it.each([
    ['a step early', 1_111_111_050, 37_037_036],
    ['a step late', 1_111_111_139, 37_037_036],
    ['two steps early', 1_111_111_049, null],
    ['two steps late', 1_111_111_140, null],
  ])('is accepted %s as far as one step', (_, seconds, step) => {
    expect(acceptedStep(RFC_SECRET, '081804', seconds, null)).toBe(step);
  });

  it('is not accepted at or before the last accepted step', () => {
    const step = 37_037_036;
    expect(acceptedStep(RFC_SECRET, '081804', step * 30, step - 1)).toBe(step);
    expect(acceptedStep(RFC_SECRET, '081804', step * 30, step)).toBeNull();
    expect(acceptedStep(RFC_SECRET, '081804', step * 30, step + 1)).toBeNull();
  });
});

describe('what is handed out', () => {
  it('is different every time', () => {
    const made = Array.from({ length: 50 }, () => [newSecret(), ...newRecoveryCodes()]).flat();
    expect(new Set(made).size).toBe(50 * 11);
  });

  it.each(['jbsw-y3dp-ehpk-3pxp', ' JBSW Y3DP EHPK 3PXP ', 'JBSWY3DPEHPK3PXP'])(
    'is the same recovery code as %j',
    (typed) => {
      expect(normalizedRecoveryCode(typed)).toBe('JBSWY3DPEHPK3PXP');
    },
  );
});
