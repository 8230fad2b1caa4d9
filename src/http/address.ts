const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/**
 * One name per subscriber: an IPv4 address as it is, also when it is written as IPv6 (`::ffff:192.0.2.1`); an IPv6 address
 * by its /64, because one subscriber owns at least that many.
 */
export function canonicalAddress(sent: string | null): string | undefined {
  const text = sent?.trim() ?? '';
  if (IPV4.test(text)) return text;
  const groups = ipv6Groups(text);
  if (!groups) return undefined;
  const [a, b, c, d, e, f, g = 0, h = 0] = groups;
  if (a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff) {
    return [g >> 8, g & 0xff, h >> 8, h & 0xff].join('.');
  }
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The network of an address, as providers hand them out: the /24 of IPv4, the /48 of IPv6. */
export function networkOf(sent: string | null): string | null {
  const address = canonicalAddress(sent);
  if (address === undefined) return null;
  if (!address.includes(':')) return address.replace(/\d+$/, '0/24');
  return `${address.split(':').slice(0, 3).join(':')}::/48`;
}

function ipv6Groups(text: string): number[] | undefined {
  if (text.length > 45 || !/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return undefined;
  // The URL parser validates an IPv6 address and writes it in its canonical form, embedded IPv4 included.
  const url = URL.parse(`http://[${text}]/`);
  if (!url) return undefined;
  const [head = '', tail] = url.hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}
