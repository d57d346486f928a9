import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventParser } from './server-sent-events.ts';

const all = (pieces: readonly string[]) => {
  const parse = createEventParser();
  return pieces.flatMap((piece) => parse(piece)).filter((message) => message !== undefined);
};

it('WHATWG HTML 9.2.6: fields, comments, several data lines, every line end', () => {
  expect(all(['id: 1\nevent: a\ndata: x\ndata:y\n\n', ': note\n\n', 'data:  z\r\n\r\n', 'data\r\rid\n\n'])).toEqual([
    { id: '1', event: 'a', data: 'x\ny' },
    { id: '1', event: 'message', data: ' z' },
    { id: '1', event: 'message', data: '' },
  ]);
});

it('a message that is cut into pieces anywhere is the same message', () => {
  const text = 'id: 7\r\ndata: {"a":1}\r\n\r\n: beat\r\n\r\nevent: end\r\ndata: b\r\n\r\n';
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const pieces = places.slice(1).map((end, at) => text.slice(places[at], end));
      expect(all(pieces)).toEqual(all([text]));
    }),
  );
});

it('a message without an end is not held for ever', () => {
  const parse = createEventParser();
  expect(() => {
    for (let at = 0; at < 100; at++) parse('x'.repeat(65_536));
  }).toThrow(RangeError);
});
