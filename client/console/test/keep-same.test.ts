import { describe, expect, it, vi } from 'vitest';
import { keepSame } from '../src/live/keep-same.ts';

describe('counts of what changes', () => {
  it('are the same object until one of them differs, and counted once for each list', () => {
    let list: readonly number[] = [1, 2, 3];
    const count = vi.fn((of: readonly number[]) => ({ odd: of.filter((one) => one % 2 === 1).length, all: of.length }));
    const counted = keepSame(() => list, count);
    const first = counted();
    expect(first).toEqual({ odd: 2, all: 3 });
    expect(counted()).toBe(first);
    expect(count).toHaveBeenCalledTimes(1);
    list = [5, 2, 3];
    expect(counted()).toBe(first);
    expect(count).toHaveBeenCalledTimes(2);
    list = [5, 2, 4];
    expect(counted()).toEqual({ odd: 1, all: 3 });
  });
});
