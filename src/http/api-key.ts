import { Secret } from 'otpauth';
import { sha256 } from '../sha256.ts';
import type { Identity } from './context.ts';

const PREFIX = 'mami_';
const RANDOM_BYTES = 25;
const CHECKSUM_LENGTH = 8;
const KEY = /^(mami_([1-9]\d{0,9})_[a-z2-7]{40})([0-9a-f]{8})$/;

const checksumOf = async (text: string): Promise<string> => (await sha256(text)).slice(0, CHECKSUM_LENGTH);

/**
 * `mami_`, the id of the administrator it acts for, 200 random bits and a checksum, by which a scanner for leaked secrets tells
 * a key from other text, and the Worker a typing error without asking the database.
 */
export async function newApiKey(userId: number): Promise<string> {
  const random = new Secret({ buffer: crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)).buffer });
  const text = `${PREFIX}${userId}_${random.base32.toLowerCase()}`;
  return text + (await checksumOf(text));
}

export const isApiKey = (token: string): boolean => token.startsWith(PREFIX);

/**
 * The caller that a well-formed key names; whether there is such a key, and what it may do, is checked by `begin_key`. It does
 * the work of a manager, as far as its scopes go.
 */
export async function readApiKey(token: string): Promise<Identity | undefined> {
  const [, text = '', userId, checksum] = KEY.exec(token) ?? [];
  if (userId === undefined || (await checksumOf(text)) !== checksum) return undefined;
  const id = Number(userId);
  return id > 2_147_483_647 ? undefined : { userId: id, sessionId: 0, role: 'MANAGER', keyHash: await sha256(token) };
}
