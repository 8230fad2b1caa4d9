import bcrypt from 'bcryptjs';

/** bcrypt ignores all further bytes. */
const MAX_BYTES = 72;

/** One Unicode form, whether a keyboard sends an accented letter as one character or as two. */
export const normalized = (password: string): string => password.normalize('NFC');

/** Whether bcrypt uses all of it: bcrypt ignores what follows a NUL or 72 bytes. */
export const isHashable = (password: string): boolean =>
  !password.includes('\0') && new TextEncoder().encode(password).length <= MAX_BYTES;

export const hashPassword = (password: string, cost: number): Promise<string> =>
  bcrypt.hash(normalized(password), cost);

/**
 * The form of the password that matches the hash, if any; old hashes were made of the bytes as sent. A failure takes the work
 * of one hash at `cost` per form, also without a hash or with one of a lower cost, so that the duration does not reveal
 * whether the account exists.
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
    // Each cost step doubles the work, so the steps up to `cost` plus the comparison equal one full hash.
    for (let step = bcrypt.getRounds(hash); step < cost; step++) await bcrypt.hash('', step);
  }
  return undefined;
}

/** The cost has risen since the hash was made, or the hash is of the bytes as sent. */
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
