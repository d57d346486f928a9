import { STREAM_HEADER } from './stream-header.ts';

/** A stream that a parser must not take, as pieces of octets; `whole` says how it begins. */
export interface HostileStream {
  readonly name: string;
  readonly octets: () => Iterable<Uint8Array>;
}

const encoder = new TextEncoder();
const PIECE_OCTETS = 16_384;

function stream(
  name: string,
  ...parts: readonly (string | Uint8Array | { of: string; times: number })[]
): HostileStream {
  return {
    name,
    *octets() {
      for (const part of parts) {
        if (typeof part === 'string') yield encoder.encode(part);
        else if (part instanceof Uint8Array) yield part;
        else yield* repeated(part.of, part.times);
      }
    },
  };
}

/** `of`, so many times, in pieces of what a TLS record holds. */
function* repeated(of: string, times: number): Iterable<Uint8Array> {
  const aPiece = Math.max(1, Math.floor(PIECE_OCTETS / of.length));
  const piece = encoder.encode(of.repeat(Math.min(times, aPiece)));
  for (let left = times; left > 0; left -= aPiece) {
    yield left >= aPiece ? piece : encoder.encode(of.repeat(left));
  }
}

const MANY = 200_000;
const LARGE_OCTETS = 4_000_000;
const DECLARATION = "<?xml version='1.0'?>";
const HEADER = STREAM_HEADER;

/** Attack 31's corpus: each of these has stopped, swollen or fooled some XML parser. */
export const HOSTILE_STREAMS: readonly HostileStream[] = [
  stream(
    'entities that expand to a billion',
    `${DECLARATION}<!DOCTYPE lolz [<!ENTITY a "ha">`,
    ...Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'bcdefghij'[i]} "${`&${'abcdefghi'[i]};`.repeat(10)}">`),
    ']><lolz>&j;</lolz>',
  ),
  stream('an external entity', `${DECLARATION}<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`),
  stream('a parameter entity', `${DECLARATION}<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]><x/>`),
  stream('a DOCTYPE that does not end', `${DECLARATION}<!DOCTYPE x [`, { of: '<!ELEMENT a ANY>', times: MANY }),
  stream('a DOCTYPE inside the stream', HEADER, '<!DOCTYPE x><iq/>'),
  stream('an entity that nobody declared', HEADER, '<message>&e;</message>'),
  stream('200,000 nested elements', HEADER, { of: '<a>', times: MANY }),
  stream('200,000 nested elements without a stream', { of: '<a>', times: MANY }),
  stream('200,000 nested elements, a namespace each', HEADER, { of: "<a xmlns='u'>", times: MANY }),
  stream('200,000 elements side by side in one stanza', HEADER, '<iq>', { of: '<a/>', times: MANY }),
  stream('200,000 attributes', HEADER, '<iq ', { of: "a1='' ", times: MANY }),
  stream('200,000 different attributes', HEADER, '<iq ', ...distinct((i) => `a${i}='' `)),
  stream('200,000 namespace declarations', HEADER, '<iq ', ...distinct((i) => `xmlns:a${i}='u' `)),
  stream('a giant attribute', HEADER, "<iq id='", { of: 'x', times: LARGE_OCTETS }),
  stream('a giant attribute in the header', "<stream:stream to='", { of: 'x', times: LARGE_OCTETS }),
  stream('a giant attribute of character references', HEADER, "<iq id='", { of: '&#x61;', times: MANY }),
  stream('a giant attribute name', HEADER, '<iq ', { of: 'x', times: LARGE_OCTETS }),
  stream('a giant element name', HEADER, '<', { of: 'x', times: LARGE_OCTETS }),
  stream('a giant element name of colons', HEADER, '<a', { of: ':', times: LARGE_OCTETS }),
  stream('a giant prefix', HEADER, '<', { of: 'p', times: MANY }, ':iq/>'),
  stream('a giant closing tag', HEADER, '<iq></', { of: 'x', times: LARGE_OCTETS }),
  stream('giant text', HEADER, '<message>', { of: 'text ', times: LARGE_OCTETS / 5 }),
  stream('giant text of brackets', HEADER, '<message>', { of: ']', times: LARGE_OCTETS }),
  stream('giant text of character references', HEADER, '<message>', { of: '&amp;', times: MANY }),
  stream('a giant CDATA section', HEADER, '<message><![CDATA[', { of: ']', times: LARGE_OCTETS }),
  stream('many CDATA sections', HEADER, '<message>', { of: '<![CDATA[]]>', times: MANY }),
  stream('a giant comment', HEADER, '<!--', { of: '-x', times: LARGE_OCTETS / 2 }),
  stream('a giant processing instruction', HEADER, '<?p ', { of: '?x', times: LARGE_OCTETS / 2 }),
  stream('a giant XML declaration', "<?xml version='1.0' ", { of: ' ', times: LARGE_OCTETS }),
  stream('a giant character reference', HEADER, '<message>&#', { of: '0', times: LARGE_OCTETS }),
  stream('a giant entity name', HEADER, '<message>&', { of: 'a', times: LARGE_OCTETS }),
  stream('white space without end', HEADER, { of: ' ', times: LARGE_OCTETS }),
  stream('white space before the stream', { of: '\n', times: LARGE_OCTETS }),
  stream('200,000 stanzas that ask for nothing', HEADER, { of: '<presence/>', times: MANY }),
  stream('200,000 stream headers', { of: HEADER, times: 20_000 }),
  stream('a comment in a stanza', HEADER, "<iq type='set'><!-- --><bind/></iq>"),
  stream('a processing instruction in a stanza', HEADER, '<iq><?php x?></iq>'),
  stream('overlong <', HEADER, Uint8Array.of(0xc0, 0xbc), 'iq/>'),
  stream('overlong < in three octets', HEADER, Uint8Array.of(0xe0, 0x80, 0xbc), 'iq/>'),
  stream('a surrogate in UTF-8', HEADER, '<message>', Uint8Array.of(0xed, 0xa0, 0x80)),
  stream('a character past U+10FFFF', HEADER, '<message>', Uint8Array.of(0xf4, 0x90, 0x80, 0x80)),
  stream('a continuation octet alone', HEADER, Uint8Array.of(0x80)),
  stream('half a character, then a tag', HEADER, '<message>', Uint8Array.of(0xe2, 0x82), '</message>'),
  stream('NUL', HEADER, '<message>\u0000</message>'),
  stream('NUL by reference', HEADER, '<message>&#0;</message>'),
  stream('a reference past U+10FFFF', HEADER, '<message>&#x110000;</message>'),
  stream('a reference to a surrogate', HEADER, '<message>&#xD800;</message>'),
  stream('UTF-16', new Uint8Array(Buffer.from(`\ufeff${HEADER}<iq/>`, 'utf16le'))),
  stream('UTF-16 by declaration', HEADER.replace("version='1.0'?", "version='1.0' encoding='UTF-16'?")),
  stream('UTF-7 by declaration', HEADER.replace("version='1.0'?", "version='1.0' encoding='UTF-7'?"), '+ADw-iq/+AD4-'),
  stream('a byte order mark inside', HEADER, '\ufeff', '<iq/>'),
  stream('text between stanzas', HEADER, 'text<iq/>'),
  stream('CDATA between stanzas', HEADER, '<![CDATA[x]]>'),
  stream('CDATA that ends in text', HEADER, '<message>]]></message>'),
  stream(
    'a stanza that hides another in CDATA',
    HEADER,
    "<message><![CDATA[</message><iq type='set'/>]]><a></message>",
  ),
  stream('an attribute twice', HEADER, "<iq id='1' id='2'/>"),
  stream('an attribute twice by two prefixes', HEADER, "<iq xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'/>"),
  stream('a prefix that nobody declared', HEADER, '<q:iq/>'),
  stream('the prefix xml taken for another', HEADER, "<iq xmlns:xml='u'/>"),
  stream('the prefix xmlns declared', HEADER, "<iq xmlns:xmlns='u'/>"),
  stream('a tag closed by another', HEADER, '<iq></message>'),
  stream('< in an attribute', HEADER, "<iq id='<'/>"),
  stream('XML 1.1', HEADER.replace("'1.0'", "'1.1'"), '<iq>&#1;</iq>'),
  stream(
    'compression',
    HEADER,
    "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>",
  ),
  stream(
    'deflate from the first octet',
    new Uint8Array(Buffer.from('789c4b4c4a4e494d03000b0b02a8'.repeat(100), 'hex')),
  ),
  stream('HTTP', 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'),
  stream('a stream of another namespace', "<stream xmlns='urn:other'>"),
  stream(
    'a bound resource before a name',
    HEADER,
    "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
  ),
];

function distinct(word: (i: number) => string): readonly string[] {
  return Array.from({ length: 40 }, (_, block) =>
    Array.from({ length: MANY / 40 }, (_, i) => word((block * MANY) / 40 + i)).join(''),
  );
}
