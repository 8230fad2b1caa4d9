import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateKey } from '../../src/http/duplicate-key.ts';

describe('a key sent twice', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{ "a" : 1 , "b" : {"c":1,\n"c"\t:2} }', 'c'],
    ['{"a":[{"b":1},{"b":1,"b":2}]}', 'b'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"quote\\"":1,"quote\\"":2}', 'quote"'],
    ['{"back\\\\":1,"back\\\\":2}', 'back\\'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"":1,"":2}', ''],
  ])('is found in %s', (text, key) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(duplicateKey(text)).toBe(key);
  });

  it.each([
    '{}',
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":["a","a","a:","\\\\"],"b":":"}',
  ])('is not found in %s', (text) => {
    expect(duplicateKey(text)).toBeUndefined();
  });

  it('is never found in what was written from an object', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => duplicateKey(JSON.stringify(value, null, 1)) === undefined));
  });

  it('is looked for in a large body in little time', () => {
    const started = performance.now();
    expect(
      duplicateKey(JSON.stringify({ text: '\\"'.repeat(250_000), list: Array(50_000).fill('a') })),
    ).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
