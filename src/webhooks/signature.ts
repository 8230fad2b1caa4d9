const PREFIX = 'whsec_';

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** 256 random bits, in the form of Standard Webhooks. */
export const newSecret = (): string => PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(32)));

async function hmac(secret: string, text: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', fromBase64(secret.slice(PREFIX.length)), algorithm, false, ['sign']);
  return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))));
}

/**
 * The headers of Standard Webhooks. Each secret signs `id.timestamp.body`, as that standard says, and `timestamp.body`: a receiver
 * accepts a delivery if any of the signatures is right.
 */
export async function signatureHeaders(secrets: readonly string[], id: string, body: string, now = Date.now()) {
  const timestamp = String(Math.floor(now / 1000));
  const texts = secrets.flatMap((secret) => [
    hmac(secret, `${id}.${timestamp}.${body}`),
    hmac(secret, `${timestamp}.${body}`),
  ]);
  const signatures = (await Promise.all(texts)).map((signature) => `v1,${signature}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
