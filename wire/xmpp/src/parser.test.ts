import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Element, element } from './element.ts';
import { CLIENT, XML } from './namespaces.ts';
import { LIMITS_AFTER_AUTHENTICATION, LIMITS_BEFORE_AUTHENTICATION, type ParserLimits } from './parser.ts';
import { serialize, serializeHeader } from './serializer.ts';
import { type StreamEvent, StreamReader } from './stream-reader.ts';
import { encodeUtf8, Utf8Decoder, utf8Length } from './utf8.ts';

const HEADER = serializeHeader({ to: 'ras.example' });
const BEFORE = LIMITS_BEFORE_AUTHENTICATION;

function read(octets: Uint8Array | string, limits: ParserLimits = BEFORE, sizeOctets = 1 << 20): StreamEvent[] {
  const all = typeof octets === 'string' ? encodeUtf8(octets) : octets;
  const reader = new StreamReader(limits);
  const events: StreamEvent[] = [];
  for (let at = 0; at < all.length; at += sizeOctets) {
    reader.read(all.subarray(at, at + sizeOctets), (event) => events.push(event));
  }
  return events;
}

const fault = (events: readonly StreamEvent[]) => {
  const last = events.at(-1);
  return last?.kind === 'fault' ? last.condition : undefined;
};
const stanzas = (events: readonly StreamEvent[]) =>
  events.flatMap((event) => (event.kind === 'stanza' ? [event.stanza] : []));

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/).filter((one) => one !== 'xmlns');
const value = fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => {
  try {
    serialize(element('x', CLIENT, {}, [one]));
    return true;
  } catch {
    return false;
  }
});
const tree: fc.Arbitrary<Element> = fc.letrec<{ tree: Element }>((tie) => ({
  tree: fc
    .record({
      name,
      namespace: fc.constantFrom(CLIENT, 'urn:a', 'urn:b&<\'"'),
      attributes: fc.dictionary(
        fc.oneof(
          name,
          fc.constant(`{${XML}}lang`),
          name.map((one) => `{urn:c}${one}`),
        ),
        value,
        { maxKeys: 3 },
      ),
      children: fc.array(
        fc.oneof(
          { maxDepth: 3 },
          value.filter((one) => one !== ''),
          tie('tree'),
        ),
        { maxLength: 3 },
      ),
    })
    .map(({ children, ...rest }) => {
      // Text beside text is one text.
      const merged: (Element | string)[] = [];
      for (const one of children) {
        const last = merged.at(-1);
        if (typeof one === 'string' && typeof last === 'string') merged[merged.length - 1] = last + one;
        else merged.push(one);
      }
      return { ...element(rest.name, rest.namespace, rest.attributes, merged) };
    }),
})).tree;

describe('stanzas', () => {
  it('round trip: what is written is read, in pieces cut anywhere', () => {
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 40 }), (stanza, sizeOctets) => {
        const events = read(HEADER + serialize(stanza), LIMITS_AFTER_AUTHENTICATION, sizeOctets);
        expect(fault(events)).toBeUndefined();
        expect(stanzas(events)).toEqual([stanza]);
      }),
      { numRuns: 300 },
    );
  });

  it('every truncation of a stanza gives none', () => {
    const whole = encodeUtf8(serialize(element('iq', CLIENT, { id: 'ü' }, [element('frame', 'urn:a', {}, ['€'])])));
    const header = encodeUtf8(HEADER);
    for (let size = 0; size < whole.length; size++) {
      const events = read(Uint8Array.from([...header, ...whole.subarray(0, size)]));
      expect(stanzas(events)).toEqual([]);
      expect(fault(events)).toBeUndefined();
    }
  });

  it('names that JavaScript objects are born with are names like any other', () => {
    const [stanza] = stanzas(read(`${HEADER}<constructor __proto__='a' constructor='b'/>`));
    expect(stanza?.name).toBe('constructor');
    expect(Object.entries(stanza?.attributes ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(fault(read(`${HEADER}<iq>&constructor;</iq>`))).toBe('not-well-formed');
    expect(fault(read(`${HEADER}<constructor:iq/>`))).toBe('not-well-formed');
  });

  it('the five entities and character references of XML are read, white space between stanzas is nothing', () => {
    const events = read(`${HEADER} \n<a>&lt;&gt;&amp;&quot;&apos;&#x20AC;<![CDATA[<]]></a>\t</stream:stream>`);
    expect(stanzas(events)[0]?.children).toEqual(['<>&"\'€<']);
    expect(events.at(-1)).toEqual({ kind: 'end' });
  });

  it('any octets: events or a fault, never an exception, and nothing after a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (octets, headed) => {
        const start = headed ? encodeUtf8(HEADER) : new Uint8Array();
        const events = read(Uint8Array.from([...start, ...octets]), BEFORE, 7);
        const at = events.findIndex((event) => event.kind === 'fault');
        expect(at === -1 || at === events.length - 1).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('every single-bit flip of a dialogue: events or a fault', () => {
    const octets = encodeUtf8(
      `${HEADER}<iq id='1' type='set'><frame xmlns='urn:a' id='ü'>AA==</frame></iq></stream:stream>`,
    );
    for (let bit = 0; bit < octets.length * 8; bit++) {
      const flipped = Uint8Array.from(octets);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => read(flipped)).not.toThrow();
    }
  });
});

describe('attack 31: hostile XML is refused before a tree is built', () => {
  it.each([
    ['a DOCTYPE', `<!DOCTYPE x>${HEADER}`, 'restricted-xml'],
    ['a DOCTYPE in the stream', `${HEADER}<!DOCTYPE x>`, 'not-well-formed'],
    [
      'a billion laughs',
      `<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><lolz>&b;</lolz>`,
      'restricted-xml',
    ],
    ['an entity of its own', `${HEADER}<iq>&b;</iq>`, 'not-well-formed'],
    ['a comment', `${HEADER}<iq><!-- x --></iq>`, 'restricted-xml'],
    ['a processing instruction', `${HEADER}<iq><?php x ?></iq>`, 'restricted-xml'],
    ['another encoding', HEADER.replace(`version='1.0'?`, `version='1.0' encoding='UTF-16'?`), 'unsupported-encoding'],
    ['an unbound prefix', `${HEADER}<x:iq/>`, 'not-well-formed'],
    ['an attribute twice', `${HEADER}<iq id='1' id='2'/>`, 'not-well-formed'],
    ['an end tag of another element', `${HEADER}<iq></qi>`, 'not-well-formed'],
    ['text between stanzas', `${HEADER}x<iq/>`, 'bad-format'],
    ['a null character', `${HEADER}<iq>\u0000</iq>`, 'not-well-formed'],
    ['a reference to no character', `${HEADER}<iq>&#0;</iq>`, 'not-well-formed'],
    ['plain text', 'GET / HTTP/1.1\r\n\r\n', 'not-well-formed'],
    ['200,000 nested tags', HEADER + '<a>'.repeat(200_000), 'policy-violation'],
    ['a stanza past the octets', `${HEADER}<iq>${'x'.repeat(BEFORE.stanzaOctets)}</iq>`, 'policy-violation'],
    ['a giant attribute', `${HEADER}<iq id='${'x'.repeat(BEFORE.attributeLength + 1)}'/>`, 'policy-violation'],
    ['an attribute that never ends', `${HEADER}<iq id='${'x'.repeat(10_000_000)}`, 'policy-violation'],
    ['a name that never ends', `${HEADER}<${'x'.repeat(1_000_000)}`, 'policy-violation'],
    ['white space without end', HEADER + ' '.repeat(1_000_000), 'policy-violation'],
    ['a DOCTYPE that never ends', `<!DOCTYPE x [${'<!ENTITY a "b">'.repeat(100_000)}`, 'policy-violation'],
    [
      'too many attributes',
      `${HEADER}<iq ${Array.from({ length: BEFORE.attributes + 1 }, (_, i) => `a${i}=''`).join(' ')}/>`,
      'policy-violation',
    ],
    ['too many elements', `${HEADER}<iq>${'<a/>'.repeat(BEFORE.elements + 1)}</iq>`, 'policy-violation'],
  ])('%s', (_name, text, condition) => {
    const events = read(text);
    expect(fault(events)).toBe(condition);
    expect(stanzas(events)).toEqual([]);
  });

  it('nesting is refused within the first kilo-octet, not when it is all there', () => {
    const reader = new StreamReader(BEFORE);
    const events: StreamEvent[] = [];
    reader.read(encodeUtf8(HEADER + '<a>'.repeat(20)), (event) => events.push(event));
    expect(fault(events)).toBe('policy-violation');
  });

  it('the cap of octets is exact, in whatever pieces they come', () => {
    const stanza = (size: number) => `<iq>${'x'.repeat(size - 9)}</iq>`;
    for (const piece of [1000, 1024, 5000]) {
      const exact = read(HEADER + stanza(BEFORE.stanzaOctets) + stanza(BEFORE.stanzaOctets), BEFORE, piece);
      expect(stanzas(exact)).toHaveLength(2);
      const past = read(HEADER + stanza(BEFORE.stanzaOctets) + stanza(BEFORE.stanzaOctets + 1), BEFORE, piece);
      expect([stanzas(past).length, fault(past)]).toEqual([1, 'policy-violation']);
    }
  });

  it('octets that were sent before a new stream belong to neither', () => {
    const reader = new StreamReader(BEFORE);
    const events: StreamEvent[] = [];
    reader.read(encodeUtf8(`${HEADER}<response/><iq/>`), (event) => {
      events.push(event);
      if (event.kind === 'stanza') reader.restart(BEFORE);
    });
    expect(events.map((event) => event.kind)).toEqual(['header', 'stanza', 'fault']);
  });
});

describe('RFC 3629', () => {
  it('decodes any text in pieces cut anywhere, as it was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 5 }), (text, size) => {
        const octets = encodeUtf8(text);
        expect(octets).toEqual(new Uint8Array(new TextEncoder().encode(text)));
        expect(utf8Length(text)).toBe(octets.length);
        const decoder = new Utf8Decoder();
        let back = '';
        for (let at = 0; at < octets.length; at += size) back += decoder.write(octets.subarray(at, at + size));
        expect(back).toBe(text);
      }),
    );
  });

  it('refuses what the platform refuses: overlong forms, surrogates, past U+10FFFF', () => {
    const strict = (octets: Uint8Array) => {
      try {
        // A sequence that is cut off is not an error in a stream.
        new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets, { stream: true });
        return true;
      } catch {
        return false;
      }
    };
    const ours = (octets: Uint8Array) => {
      try {
        new Utf8Decoder().write(octets);
        return true;
      } catch {
        return false;
      }
    };
    for (let lead = 0x80; lead < 0x100; lead++) {
      for (let second = 0; second < 0x100; second++) {
        for (const tail of [[], [0x80], [0x80, 0x80], [0x41]]) {
          const octets = Uint8Array.from([lead, second, ...tail]);
          expect(ours(octets), octets.join(' ')).toBe(strict(octets));
        }
      }
    }
  });
});
