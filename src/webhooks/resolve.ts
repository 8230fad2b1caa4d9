import * as z from 'zod';
import { hostOf, isAddress, isPublicAddress, refusalOf } from './address.ts';

export interface AddressRules {
  /** Development only: http and any address. */
  readonly allowPrivate: boolean;
  /** A resolver that speaks DNS over HTTPS with JSON answers: a Worker cannot ask the system's. */
  readonly dnsUrl: string;
}

/** The names could not be resolved now. */
export class ResolverDown extends Error {
  override readonly name = 'ResolverDown';
}

const A = 1;
const AAAA = 28;
const TIMEOUT_MS = 5_000;
const Answer = z.object({
  Status: z.number(),
  Answer: z.array(z.object({ type: z.number(), data: z.string() })).default([]),
});

/**
 * What is wrong with the address of a webhook, its name resolved; undefined if nothing. One private address among several is
 * enough to refuse it. `fetch` resolves the name once more by itself: what the limits of that are is in docs/security.md.
 * @throws ResolverDown
 */
export async function refusalNow(address: string, { allowPrivate, dnsUrl }: AddressRules): Promise<string | undefined> {
  if (allowPrivate) return URL.canParse(address) && /^https?:/.test(address) ? undefined : 'must be a web address';
  const refusal = refusalOf(address);
  const host = refusal === undefined ? hostOf(new URL(address)) : '';
  if (refusal !== undefined || isAddress(host)) return refusal;
  const found = (await Promise.all([resolve(host, A, dnsUrl), resolve(host, AAAA, dnsUrl)])).flat();
  if (found.length === 0) return 'must be a name that can be resolved';
  return found.every(isPublicAddress) ? undefined : 'must not resolve to a private or local address';
}

async function resolve(name: string, type: number, dnsUrl: string): Promise<string[]> {
  try {
    const url = new URL(dnsUrl);
    url.searchParams.set('name', name);
    url.searchParams.set('type', String(type));
    const response = await fetch(url, {
      headers: { accept: 'application/dns-json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = Answer.parse(await response.json());
    return answer.Answer.flatMap((record) => (record.type === type ? record.data : []));
  } catch (error) {
    throw new ResolverDown('The resolver did not answer', { cause: error });
  }
}
