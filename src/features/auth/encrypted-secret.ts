import { decodeBase64, encodeBase64 } from 'hono/utils/encode';
import { unavailable } from '../../errors.ts';

const IV_BYTES = 12;

/** Derived from the configured text, which is random and long enough to need no slow derivation. */
async function keyOf(text: string): Promise<CryptoKey> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`totp ${text}`));
  return crypto.subtle.importKey('raw', digest, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Bound to its user: a row that was copied to another account cannot be decrypted there. */
const parameters = (userId: number, iv: Uint8Array<ArrayBuffer>) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(`user ${userId}`),
});

/** AES-256-GCM with the newest of the keys. @throws AppError 503 without a key */
export async function encryptSecret(keys: readonly string[], userId: number, secret: string): Promise<string> {
  const [newest] = keys;
  if (newest === undefined) throw unavailable(60, new Error('TOTP_ENCRYPTION_KEY is missing'));
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const cipher = await crypto.subtle.encrypt(
    parameters(userId, iv),
    await keyOf(newest),
    new TextEncoder().encode(secret),
  );
  return encodeBase64(new Uint8Array([...iv, ...new Uint8Array(cipher)]).buffer);
}

/** Tries each key, the newest first. @throws AppError 503 when none fits: a second factor that cannot be read is not left out */
export async function decryptSecret(keys: readonly string[], userId: number, stored: string): Promise<string> {
  const bytes = decodeBase64(stored);
  const [iv, cipher] = [bytes.slice(0, IV_BYTES), bytes.slice(IV_BYTES)];
  for (const key of keys) {
    try {
      const plain = await crypto.subtle.decrypt(parameters(userId, iv), await keyOf(key), cipher);
      return new TextDecoder().decode(plain);
    } catch {
      // Encrypted with another key.
    }
  }
  throw unavailable(60, new Error('No TOTP_ENCRYPTION_KEY decrypts the secret'));
}
