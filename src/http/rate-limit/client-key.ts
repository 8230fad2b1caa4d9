import { canonicalAddress, networkOf } from '../address.ts';

/** Who is counted: the signed-in user, else the address the request came from. */
export function clientKey(headers: Headers, userId?: number): string {
  return userId === undefined ? addressKeys(headers).subscriber : `user:${userId}`;
}

/**
 * Who is counted by address: one subscriber, and for IPv6 also the /48 around it, because whoever owns a /48 has as many
 * addresses as 65,536 subscribers.
 */
export function addressKeys(headers: Headers): { subscriber: string; network?: string } {
  const sent = headers.get('CF-Connecting-IP');
  const address = canonicalAddress(sent);
  if (address === undefined) return { subscriber: 'unknown' };
  if (!address.includes(':')) return { subscriber: `ip:${address}` };
  return { subscriber: `ip:${address}`, network: `ip:${networkOf(sent)}` };
}
