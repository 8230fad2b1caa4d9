import bcrypt from 'bcryptjs';

/** Cost, salt and digest of nobody's password: an unknown email costs the same work as a known one. */
const DUMMY_DIGESTS = new Map<number, Promise<string>>();

export const hashPassword = (password: string, cost: number): Promise<string> => bcrypt.hash(password, cost);

/** Whether the password is the one of the hash. Without a hash the work is done all the same, and the answer is no. */
export async function verifyPassword(password: string, hash: string | undefined, cost: number): Promise<boolean> {
  if (hash) return bcrypt.compare(password, hash);
  let dummy = DUMMY_DIGESTS.get(cost);
  if (!dummy) {
    dummy = bcrypt.hash(crypto.randomUUID(), cost);
    DUMMY_DIGESTS.set(cost, dummy);
  }
  await bcrypt.compare(password, await dummy);
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
