import { describe, expect, test } from 'vitest';
import { addressKeys, clientKey } from '../../src/http/rate-limit/client-key.ts';
import { policyHeader, standingHeader } from '../../src/http/rate-limit/headers.ts';
import { parsePolicy } from '../../src/rate-limits/policy.ts';

describe('the policy syntax', () => {
  test.each([
    [
      '200 per day, 50 per hour',
      [
        [200, 86_400],
        [50, 3600],
      ],
    ],
    ['5/minute', [[5, 60]]],
    [
      '5/MINUTE; 1/second | 100 PER Day',
      [
        [5, 60],
        [1, 1],
        [100, 86_400],
      ],
    ],
    ['10 per 2 hours', [[10, 7200]]],
    ['10per2hours', [[10, 7200]]],
    ['3 / 15 minutes', [[3, 900]]],
    [
      '1 per month,1 per years',
      [
        [1, 2_592_000],
        [1, 31_104_000],
      ],
    ],
    ['  7 per 30 seconds  ', [[7, 30]]],
    ['', []],
    ['   ', []],
  ])('%j', (text, expected) => {
    expect(parsePolicy(text).map(({ limit, seconds }) => [limit, seconds])).toEqual(expected);
  });

  test('of two limits over one length the lower one binds', () => {
    expect(parsePolicy('100 per hour, 20 per 60 minutes')).toEqual([{ limit: 20, seconds: 3600 }]);
  });

  test.each([
    'fifty per hour',
    '50',
    '50 per',
    '50 hours',
    '50 per fortnight',
    '0 per hour',
    '-1 per hour',
    '1.5 per hour',
    '5 per 0 minutes',
    '5/minute,',
    '5/minute,,6/hour',
    '5/minute 6/hour',
    '1 per 999999999 years',
  ])('%j is refused', (text) => {
    expect(() => parsePolicy(text)).toThrow(/^Not a rate limit: /);
  });

  test('the refusal names the bad part', () => {
    expect(() => parsePolicy('5/minute, ten per hour')).toThrow('"ten per hour"');
  });
});

describe('who is counted', () => {
  const key = (address: string) => clientKey(new Headers({ 'CF-Connecting-IP': address }));

  test.each([
    ['192.0.2.7', 'ip:192.0.2.7'],
    ['::ffff:192.0.2.7', 'ip:192.0.2.7'],
    ['::FFFF:c000:0207', 'ip:192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', 'ip:2001:db8:1:2::/64'],
    ['2001:db8::1', 'ip:2001:db8:0:0::/64'],
    ['::1', 'ip:0:0:0:0::/64'],
    ['2001:db8:1:2::', 'ip:2001:db8:1:2::/64'],
    ['64:ff9b::192.0.2.7', 'ip:64:ff9b:0:0::/64'],
  ])('%s is %s', (address, expected) => {
    expect(key(address)).toBe(expected);
  });

  test('one subscriber, one key; another network, another', () => {
    expect(key('2001:db8:1:2:aaaa::1')).toBe(key('2001:db8:1:2:ffff::9'));
    expect(key('2001:db8:1:3::1')).not.toBe(key('2001:db8:1:2::1'));
  });

  test('an IPv6 subscriber is counted with its /48 too, an IPv4 one alone', () => {
    const networkOf = (address: string) => addressKeys(new Headers({ 'CF-Connecting-IP': address })).network;
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('ip:2001:db8:1::/48');
    expect(networkOf('2001:db8:1:ffff::1')).toBe('ip:2001:db8:1::/48');
    expect(networkOf('2001:db8:2:2::1')).toBe('ip:2001:db8:2::/48');
    expect([networkOf('192.0.2.7'), networkOf('::ffff:192.0.2.7'), networkOf('nonsense')]).toEqual(
      Array(3).fill(undefined),
    );
  });

  test.each(['', 'localhost', '1.2.3', '256.1.1.1', '1.2.3.4.', '::g', '1:2', '::1]/x', `${'1'.repeat(5000)}:`])(
    'what is no address is unknown: %j',
    (address) => {
      expect(key(address)).toBe('unknown');
    },
  );

  test('a signed-in user is one client from every address', () => {
    expect(clientKey(new Headers({ 'CF-Connecting-IP': '192.0.2.7' }), 42)).toBe('user:42');
    expect(clientKey(new Headers(), 42)).toBe('user:42');
    expect(clientKey(new Headers())).toBe('unknown');
  });
});

test('the headers are structured fields with one item per window', () => {
  const windows = parsePolicy('200 per day, 50 per hour, 9 per 10 seconds');
  expect(policyHeader(windows)).toBe('"day";q=200;w=86400, "hour";q=50;w=3600, "10s";q=9;w=10');
  const standing = { limit: 50, seconds: 3600, remaining: 49, resetSeconds: 3600, retryAfterSeconds: 0 };
  expect(standingHeader(standing)).toBe('"hour";r=49;t=3600');
});
