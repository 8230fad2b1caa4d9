/** Which addresses a webhook may have. Everything that is not certainly public is refused. */

/** Private, shared, loopback, link-local, documentation, benchmark, multicast and reserved ranges. */
const REFUSED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map((range) => {
  const [base = '', bits] = range.split('/');
  return { base: ipv4Number(base) ?? 0, shift: 32 - Number(bits) };
});

/** Ranges inside 2000::/3 that are not the public internet, or contain another address: special purposes, 6to4, documentation. */
const REFUSED_IPV6 = [
  { base: 0x2001_0000n << 96n, bits: 23n },
  { base: 0x2001_0db8n << 96n, bits: 32n },
  { base: 0x2002_0000n << 96n, bits: 16n },
  { base: 0x3fff_0000n << 96n, bits: 20n },
];

function ipv4Number(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (!parts?.every((part) => part <= 255)) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

/** Of an address as `URL` writes it, with an IPv4 address at its end or without. */
function ipv6Number(address: string): bigint | undefined {
  const withoutIpv4 = address.replace(/(?<=:)\d+\.\d+\.\d+\.\d+$/, (ipv4) => {
    const number = ipv4Number(ipv4) ?? 0;
    return `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
  });
  const halves = withoutIpv4.split('::');
  if (halves.length > 2 || !/^[\da-f:]+$/i.test(withoutIpv4)) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  return groups.reduce((number, group) => number * 65_536n + BigInt(`0x${group}`), 0n);
}

/** Whether it is an address (not a name) of the public internet. IPv4 addresses inside IPv6 ones never are. */
export function isPublicAddress(address: string): boolean {
  const ipv4 = ipv4Number(address);
  if (ipv4 !== undefined) {
    return !REFUSED_IPV4.some(({ base, shift }) => Math.floor(ipv4 / 2 ** shift) === Math.floor(base / 2 ** shift));
  }
  const ipv6 = ipv6Number(address);
  if (ipv6 === undefined || ipv6 >> 125n !== 1n) return false;
  return !REFUSED_IPV6.some(({ base, bits }) => ipv6 >> (128n - bits) === base >> (128n - bits));
}

export const isAddress = (host: string): boolean => ipv4Number(host) !== undefined || ipv6Number(host) !== undefined;

const LOCAL_NAME = /^[^.]+$|\.(localhost|local|internal|intranet|lan|home|corp|private|arpa)$/;

/** What is wrong with the address of a webhook before any name is resolved; undefined if nothing. `URL` writes 0x7f.1 as 127.0.0.1. */
export function refusalOf(address: string): string | undefined {
  if (!URL.canParse(address)) return 'must be a web address';
  const url = new URL(address);
  if (url.protocol !== 'https:') return 'must be https';
  if (url.username || url.password) return 'must not contain a user name or password';
  if (url.hash) return 'must not have a fragment';
  const host = hostOf(url);
  if (isAddress(host)) return isPublicAddress(host) ? undefined : 'must not be a private or local address';
  return LOCAL_NAME.test(host) ? 'must not be a private or local name' : undefined;
}

/** Without the brackets of IPv6 and the dot of a full name. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$|\.$/g, '');
