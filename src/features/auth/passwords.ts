import bcrypt from 'bcryptjs';

/** bcrypt reads no further, so what follows would count for nothing. */
const MAX_BYTES = 72;

/** One spelling for a letter and its accents, whether a keyboard sends them as one character or as two. */
export const normalized = (password: string): string => password.normalize('NFC');

/** Whether bcrypt uses all of it: bcrypt ignores what follows a NUL or 72 bytes. */
export const isHashable = (password: string): boolean =>
  !password.includes('\0') && new TextEncoder().encode(password).length <= MAX_BYTES;

export const hashPassword = (password: string, cost: number): Promise<string> =>
  bcrypt.hash(normalized(password), cost);

/**
 * The spelling of the password that the hash was made of, if any; hashes of long ago were made of the bytes as sent. A
 * refusal takes the work of one hash at `cost` for each spelling, also without a hash and with one of a time when the
 * cost was lower, so that the duration does not reveal whether the account exists.
 */
export async function verifyPassword(
  password: string,
  hash: string | undefined,
  cost: number,
): Promise<string | undefined> {
  const spellings = [...new Set([normalized(password), password])];
  for (const spelling of spellings) {
    if (!hash || !isHashable(spelling)) {
      await bcrypt.hash('', cost);
      continue;
    }
    if (await bcrypt.compare(spelling, hash)) return spelling;
    // Each step doubles the work, so those up to `cost` and the comparison make a whole.
    for (let step = bcrypt.getRounds(hash); step < cost; step++) await bcrypt.hash('', step);
  }
  return undefined;
}

/** The cost has risen since the hash was made, or it is of the bytes as they were sent. */
export const needsRehash = (hash: string, spelling: string, cost: number): boolean =>
  bcrypt.getRounds(hash) < cost || spelling !== normalized(spelling);

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
