import { describe, expect, it } from 'vitest';
import { type Findable, rank } from '../src/search/rank.ts';

const one = (kind: Findable['kind'], name: string, more = ''): Findable => ({
  kind,
  key: `${kind} ${name}`,
  name,
  more,
  href: '/',
});

const all = [
  one('page', 'Doors'),
  one('door', '1101'),
  one('door', '110'),
  one('door', '210'),
  one('door', '21'),
  one('lock', 'C0FFEE000101', '101'),
  one('door', '101'),
  one('person', 'René Ten', 'rene@example.org'),
  one('person', 'Guest 10', 'guest@example.org'),
  one('gateway', 'Gateway 1'),
];
const found = (typed: string, limit = 10): readonly string[] => rank(all, typed, limit).map(({ name }) => name);

describe('the search', () => {
  it('puts the whole name first, then its beginning, a word of it, a part of it, and what else it is found by', () => {
    expect(found('101')).toEqual(['101', '1101', 'C0FFEE000101']);
    expect(found('10')).toEqual(['101', 'Guest 10', '110', '210', '1101', 'C0FFEE000101']);
    expect(found('21')).toEqual(['21', '210']);
  });

  it('takes no notice of case and accents, and wants every word', () => {
    expect(found('rene TEN')).toEqual(['René Ten']);
    expect(found('ten rene')).toEqual(['René Ten']);
    expect(found('rene eleven')).toEqual([]);
    expect(found('EXAMPLE.org')).toEqual(['Guest 10', 'René Ten']);
  });

  it('finds a lock by its identifier, and by its door after the door itself', () => {
    expect(found('c0ffee')).toEqual(['C0FFEE000101']);
  });

  it('finds nothing for nothing, and no more than it is asked for', () => {
    expect(found('  ')).toEqual([]);
    expect(found('1', 2)).toHaveLength(2);
  });
});
