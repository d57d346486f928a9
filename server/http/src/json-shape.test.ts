import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkJsonShape } from './json-shape.ts';

const limits = { depth: 4, members: 3, items: 5 };
const code = (text: string): string => {
  try {
    checkJsonShape(text, limits);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the shape of a body', () => {
  it.each([
    ['[[[[1]]]]', 'taken'],
    ['[[[[[1]]]]]', 'malformed_json'],
    ['{"a":{"b":{"c":[]}}}', 'taken'],
    ['{"a":{"b":{"c":[[]]}}}', 'malformed_json'],
    ['[[],[],[],[],[]]', 'taken'],
    ['[1,2,3,4,5]', 'taken'],
    ['[1,2,3,4,5,6]', 'malformed_json'],
    ['{"a":1,"b":2,"c":3}', 'taken'],
    ['{"a":1,"b":2,"c":3,"d":4}', 'malformed_json'],
    ['"[[[[[[,,,,,,,,{{{{"', 'taken'],
    ['{"a\\"[[[[[":"\\\\"}', 'taken'],
    ['{"a":"\\\\","b":[[[[1]]]]}', 'malformed_json'],
    ['"never ended [[[[[[', 'taken'],
    ['', 'taken'],
    [']]]]]]]]', 'taken'],
  ])('%s: %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('is what a walk of the parsed tree says, for any JSON', () => {
    const walk = (value: unknown, depth: number): boolean => {
      if (typeof value !== 'object' || value === null) return true;
      if (depth === limits.depth) return false;
      const inner = Object.values(value);
      const most = Array.isArray(value) ? limits.items : limits.members;
      return inner.length <= most && inner.every((one) => walk(one, depth + 1));
    };
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(code(text) === 'taken').toBe(walk(JSON.parse(text), 0));
      }),
    );
  });

  it('takes any text, JSON or not, and refuses in one way only', () => {
    const pieces = fc.array(fc.constantFrom('{', '}', '[', ']', ',', '"', '\\', ':', '1', 'é', '\u0000'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(pieces, (all) => {
        expect(['taken', 'malformed_json']).toContain(code(all.join('')));
      }),
    );
  });
});
