import { describe, expect, it } from 'vitest';
import { againstWords } from '../src/against-words.ts';

describe('what stands against an opening', () => {
  it('is said to whoever wants to open', () => {
    expect(againstWords('schedule')).toBe('Not at this time of the day or week.');
    expect(againstWords('gateway')).toBe('No gateway that reaches the lock is online.');
  });

  it('is nothing where nothing does, nor for a rule of a newer server', () => {
    expect(againstWords(null)).toBeUndefined();
    expect(againstWords('moonlight')).toBeUndefined();
    expect(againstWords('toString')).toBeUndefined();
  });
});
