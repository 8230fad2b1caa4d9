import { describe, expect, it } from 'vitest';
import { Recent } from '../../src/live/recent.ts';

const frames = (...positions: string[]) => positions.map((position) => ({ position, text: position }));

describe('what a room has just sent', () => {
  it('is there for whoever lacks it, from any place in it', () => {
    const recent = new Recent(10);
    recent.add('5-0', frames('6-1', '6-2'), '6-9');
    recent.add('6-9', frames('7-1'), '7-1');
    expect(recent.between('5-0', '7-1')).toEqual(frames('6-1', '6-2', '7-1'));
    expect(recent.between('6-1', '7-1')).toEqual(frames('6-2', '7-1'));
    expect(recent.between('6-9', '7-1')).toEqual(frames('7-1'));
  });

  it('is not there where something may be missing before it, in it or behind it', () => {
    const recent = new Recent(2);
    expect(recent.between('5-0', '6-1')).toBeUndefined();
    recent.add('5-0', frames('6-1', '6-2', '6-3'), '6-3');
    expect(recent.between('5-0', '6-3')).toBeUndefined();
    expect(recent.between('6-1', '6-3')).toEqual(frames('6-2', '6-3'));
    expect(recent.between('6-1', '6-4')).toBeUndefined();
    recent.add('8-0', frames('8-1'), '8-1');
    expect(recent.between('6-2', '8-1')).toBeUndefined();
    expect(recent.between('8-0', '8-1')).toEqual(frames('8-1'));
  });
});
