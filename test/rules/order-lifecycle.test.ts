import { describe, expect, it } from 'vitest';
import { cancelableBy, FINISHED, LIFECYCLE, movesOf, ORDER_STATUSES } from '../../src/features/orders/statuses.ts';

describe('the life of an order', () => {
  it('names every move once', () => {
    const moves = LIFECYCLE.map(({ from, to }) => `${from}→${to}`);
    expect(new Set(moves).size).toBe(moves.length);
  });

  it('leads out of every unfinished status, and out of no finished one', () => {
    for (const status of ORDER_STATUSES) {
      const isEnd = !LIFECYCLE.some((move) => move.from === status);
      expect([status, isEnd]).toEqual([status, FINISHED.includes(status)]);
    }
  });

  it('lets a manager cancel whatever is unfinished, a customer only what nobody began', () => {
    expect(cancelableBy('MANAGER').sort()).toEqual(
      ORDER_STATUSES.filter((status) => !FINISHED.includes(status)).sort(),
    );
    expect(cancelableBy('CUSTOMER')).toEqual(['CREATED']);
    expect(cancelableBy('EMPLOYEE')).toEqual([]);
    expect(movesOf('CUSTOMER')).toHaveLength(1);
  });

  it('gives an administrator every move of a manager, and a manager every move of an employee', () => {
    expect(movesOf('ADMIN')).toEqual(movesOf('MANAGER'));
    for (const move of movesOf('EMPLOYEE')) expect(movesOf('MANAGER')).toContain(move);
  });

  it('lets an employee make three moves', () => {
    expect(movesOf('EMPLOYEE').map(({ from, to }) => `${from}→${to}`)).toEqual([
      'CREATED→IN_PROGRESS',
      'IN_PROGRESS→READY',
      'IN_PROGRESS→MISSING',
    ]);
  });

  it('brings every order to DELIVERED one way or the other', () => {
    for (const fulfillment of ['DELIVERY', 'PICKUP'] as const) {
      const reached = new Set(['CREATED']);
      for (const _ of ORDER_STATUSES) {
        for (const move of LIFECYCLE) {
          if (reached.has(move.from) && (move.fulfillment ?? fulfillment) === fulfillment) reached.add(move.to);
        }
      }
      expect(reached).toContain('DELIVERED');
    }
  });
});
