import { describe, expect, it } from 'vitest';
import { InvalidationLog } from '../../src/http/cache/invalidation-log.ts';
import { Memory } from '../../src/http/cache/memory.ts';
import { keyOf } from '../../src/http/cache/serve.ts';

const entry = (bytes: number) => ({ body: new Uint8Array(bytes), etag: '"x"', readAt: 1, products: undefined });

describe('the memory tier', () => {
  it('stays within its bytes and lets go of what was not used for longest', () => {
    const memory = new Memory(100_000);
    for (let n = 0; n < 200; n++) {
      memory.set(`key-${n}`, entry(5_000));
      memory.get('key-0');
      expect(memory.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(memory.get('key-0')).toBeDefined();
    expect(memory.get('key-1')).toBeUndefined();
    expect(memory.get('key-199')).toBeDefined();
  });

  it('counts an entry once, however often it is renewed', () => {
    const memory = new Memory();
    memory.set('key', entry(1_000));
    const { bytes } = memory;
    memory.set('key', entry(1_000));
    expect(memory.bytes).toBe(bytes);
    memory.delete('key');
    expect(memory.bytes).toBe(0);
  });
});

describe('what a write ends', () => {
  const PRODUCTS = ['catalog', 'products'] as const;

  it('is what was read before it, of its topic', () => {
    const writes = new InvalidationLog();
    writes.record(['branches'], undefined, 100);
    expect(writes.isCurrent(50, ['branches'], undefined)).toBe(false);
    expect(writes.isCurrent(100, ['branches'], undefined)).toBe(false);
    expect(writes.isCurrent(101, ['branches'], undefined)).toBe(true);
    expect(writes.isCurrent(50, PRODUCTS, [1])).toBe(true);
  });

  it('is only the answers that show a product it touched', () => {
    const writes = new InvalidationLog();
    writes.record(['products'], [7], 100);
    expect(writes.isCurrent(50, PRODUCTS, [1, 7])).toBe(false);
    expect(writes.isCurrent(50, PRODUCTS, [1, 2])).toBe(true);
    expect(writes.isCurrent(50, PRODUCTS, undefined)).toBe(false);
    expect(writes.isCurrent(50, ['catalog'], undefined)).toBe(true);
  });

  it('is every answer with products when it did not name any, or more than can be remembered', () => {
    const unnamed = new InvalidationLog();
    unnamed.record(['products'], undefined, 100);
    expect(unnamed.isCurrent(50, PRODUCTS, [1])).toBe(false);
    const many = new InvalidationLog();
    const ids = Array.from({ length: 10_001 }, (_, id) => id + 1);
    many.record(['products'], ids, 100);
    expect(many.isCurrent(50, PRODUCTS, [20_000])).toBe(false);
    expect(many.isCurrent(101, PRODUCTS, ids)).toBe(true);
  });

  it('is nothing when nothing was touched', () => {
    const writes = new InvalidationLog();
    writes.record(['products'], [], 100);
    expect(writes.isCurrent(50, PRODUCTS, undefined)).toBe(true);
  });
});

describe('the name of an answer', () => {
  it('holds parameters and the query in one order, escaped', () => {
    expect(keyOf('/products/:id', { id: 5 }, { limit: 20, branch_id: undefined, a: 'x&y=ü' })).toBe(
      '/products/5?a=x%26y%3D%C3%BC&limit=20',
    );
    expect(keyOf('/products', undefined, undefined)).toBe('/products');
  });
});
