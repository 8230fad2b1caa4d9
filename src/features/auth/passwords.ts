import bcrypt from 'bcryptjs';

export const hashPassword = (password: string, cost: number): Promise<string> => bcrypt.hash(password, cost);

/**
 * Whether the password is the one of the hash. A refusal takes the work of one hash at `cost`, also without a hash and
 * with one of a time when the cost was lower: its duration does not tell whether there is an account.
 */
export async function verifyPassword(password: string, hash: string | undefined, cost: number): Promise<boolean> {
  if (!hash) {
    await bcrypt.hash(password, cost);
    return false;
  }
  if (await bcrypt.compare(password, hash)) return true;
  // Each step doubles the work, so those up to `cost` and the comparison make a whole.
  for (let step = bcrypt.getRounds(hash); step < cost; step++) await bcrypt.hash(password, step);
  return false;
}

/** The cost has risen since the hash was made. */
export const needsRehash = (hash: string, cost: number): boolean => bcrypt.getRounds(hash) < cost;

/** A random token for a link, 256 bits. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** What is kept of a secret that is long enough to need no salt. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
