import { Secret, TOTP } from 'otpauth';

const ISSUER = 'Mami Supermarket';
const PERIOD_SECONDS = 30;
/** Time steps before and after the present one whose codes are accepted, for clocks that differ. */
const SKEW_STEPS = 1;
const RECOVERY_CODES = 10;
const RECOVERY_CODE_BYTES = 10;
const GROUP = /.{4}(?=.)/g;

const totpOf = (secret: string, label = '') =>
  new TOTP({ issuer: ISSUER, label, secret: Secret.fromBase32(secret), period: PERIOD_SECONDS });

/** A new key for an authenticator app, 160 bits as RFC 4226 recommends, in base 32. */
export const newSecret = (): string => base32(20);

/** What an authenticator app reads from a QR code. */
export const otpauthUrl = (secret: string, email: string): string => totpOf(secret, email).toString();

/**
 * The time step whose code this is, if it may be used now.
 * @param seconds the database's clock, since the epoch
 * @param lastStep the step of the last accepted code: a code is accepted once, and none before it
 */
export function acceptedStep(secret: string, code: string, seconds: number, lastStep: number | null): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: seconds * 1000, window: SKEW_STEPS });
  if (delta === null) return null;
  const step = Math.floor(seconds / PERIOD_SECONDS) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

/** Ten codes of 80 random bits, in groups that can be typed. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => base32(RECOVERY_CODE_BYTES).replace(GROUP, '$&-'));

/** A recovery code as it is hashed, however it was typed. */
export const normalizedRecoveryCode = (typed: string): string => typed.toUpperCase().replaceAll(/[\s-]/g, '');

const base32 = (bytes: number): string =>
  new Secret({ buffer: crypto.getRandomValues(new Uint8Array(bytes)).buffer }).base32;
