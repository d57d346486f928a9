import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { Element, Node } from './element.ts';
import { XmppError } from './errors.ts';
import { utf8Length } from './utf8.ts';

/** Bounds on what a peer may send, each checked before a tree is built of it. */
export interface ParserLimits {
  /** Of the header, and of one stanza with the white space before it. */
  readonly stanzaOctets: number;
  /** Elements inside each other, the stream itself not counted. */
  readonly depth: number;
  /** Elements of one stanza. */
  readonly elements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly attributes: number;
  /** Characters of one attribute value. */
  readonly attributeLength: number;
  /** Pieces that the header or one stanza may come in: what is kept of each costs more than its octets. */
  readonly pieces: number;
}

/** Before authentication: a stranger gets little. 10,000 octets is the least that RFC 6120 13.12 lets a server take. */
export const LIMITS_BEFORE_AUTHENTICATION: ParserLimits = {
  stanzaOctets: 10_000,
  depth: 8,
  elements: 64,
  attributes: 16,
  attributeLength: 2048,
  pieces: 64,
};

/** After authentication. */
export const LIMITS_AFTER_AUTHENTICATION: ParserLimits = {
  stanzaOctets: 256 * 1024,
  depth: 16,
  elements: 4096,
  attributes: 16,
  attributeLength: 4096,
  pieces: 4096,
};

/** The opening tag of the peer's stream. */
export interface StreamHeader {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type ParserEvent =
  | { readonly kind: 'header'; readonly header: StreamHeader }
  | { readonly kind: 'stanza'; readonly stanza: Element }
  /** The peer closed its stream. */
  | { readonly kind: 'end' };

interface Building {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
}

const NO_EVENTS: ParserEvent[] = [];
const XMLNS = 'http://www.w3.org/2000/xmlns/';

const OPTIONS = { xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' } as const;

/**
 * The parser with what every stream refuses. Its handlers stand on the prototype, once for all: with one of each for each
 * connection an instance would turn into a dictionary, and cost a stranger's connection 3 kB more.
 */
class StreamSaxes extends SaxesParser<typeof OPTIONS> {}

StreamSaxes.prototype.on('error', () => {
  // The parser's own words quote the peer: they stay here.
  throw new XmppError('not-well-formed', 'XML that is not well-formed');
});
StreamSaxes.prototype.on('xmldecl', (declaration) => {
  if (declaration.encoding !== undefined && declaration.encoding.toLowerCase() !== 'utf-8') {
    throw new XmppError('unsupported-encoding', 'the encoding must be UTF-8');
  }
});
StreamSaxes.prototype.on('doctype', () => restricted('a DOCTYPE'));
StreamSaxes.prototype.on('comment', () => restricted('a comment'));
StreamSaxes.prototype.on('processinginstruction', () => restricted('a processing instruction'));

/**
 * One stream's XML, as RFC 6120 clause 11 restricts it: UTF-8, no DOCTYPE, no entities but the five of XML, no comments,
 * no processing instructions. Characters go in, in pieces cut anywhere; a header, stanzas and the end come out.
 */
export class StreamParser {
  readonly #limits: ParserLimits;
  readonly #saxes: StreamSaxes;
  readonly #open: Building[] = [];
  #events: ParserEvent[] = NO_EVENTS;
  #depth = 0;
  #elements = 0;
  #attributes = 0;
  /** Octets since the last stanza ended, those of the current chunk not counted. */
  #pendingOctets = 0;
  /** Pieces since the last stanza ended. */
  #pieces = 0;
  #chunk = '';
  /** Absolute character position at which `#chunk` starts, and of the last boundary in or before it. */
  #chunkStart = 0;
  #boundary = 0;

  constructor(limits: ParserLimits) {
    this.#limits = limits;
    const saxes = new StreamSaxes(OPTIONS);
    this.#saxes = saxes;
    saxes.on('opentagstart', () => this.#tagStarts());
    saxes.on('attribute', (attribute) => this.#attribute(attribute.value));
    saxes.on('opentag', (tag) => this.#tagOpens(tag));
    saxes.on('closetag', () => this.#tagCloses());
    saxes.on('text', (text) => this.#text(text));
    saxes.on('cdata', (text) => this.#text(text));
  }

  /** Whether the peer is in the middle of something. */
  get partial(): boolean {
    return this.#pendingOctets > 0;
  }

  /** What `text` completes. After an error the parser is not usable. @throws XmppError */
  write(text: string): readonly ParserEvent[] {
    if (++this.#pieces > this.#limits.pieces) throw tooMuch('pieces');
    this.#events = [];
    this.#chunk = text;
    this.#boundary = this.#chunkStart;
    this.#saxes.write(text);
    const endsAt = this.#chunkStart + text.length;
    this.#pendingOctets += utf8Length(text.slice(this.#boundary - this.#chunkStart));
    this.#chunkStart = endsAt;
    if (this.#pendingOctets > this.#limits.stanzaOctets) throw tooMuch('octets');
    const events = this.#events;
    // Nothing of a connection that waits is kept but what it needs to go on.
    this.#events = NO_EVENTS;
    this.#chunk = '';
    return events;
  }

  #tagStarts(): void {
    this.#attributes = 0;
    if (this.#depth > this.#limits.depth) throw tooMuch('depth');
    if (this.#depth > 0 && ++this.#elements > this.#limits.elements) throw tooMuch('elements');
  }

  #attribute(value: string): void {
    if (++this.#attributes > this.#limits.attributes) throw tooMuch('attributes');
    if (value.length > this.#limits.attributeLength) throw tooMuch('length of an attribute');
  }

  #tagOpens(tag: SaxesTagNS): void {
    const attributes: Record<string, string> = Object.create(null);
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.uri === XMLNS) continue;
      attributes[attribute.uri === '' ? attribute.local : `{${attribute.uri}}${attribute.local}`] = attribute.value;
    }
    const opened: Building = { name: tag.local, namespace: tag.uri, attributes, children: [] };
    if (this.#depth++ === 0) {
      this.#events.push({ kind: 'header', header: { name: opened.name, namespace: opened.namespace, attributes } });
      this.#stanzaEnds();
      return;
    }
    this.#open.at(-1)?.children.push(opened);
    this.#open.push(opened);
  }

  #tagCloses(): void {
    this.#depth--;
    if (this.#depth === 0) {
      this.#stanzaEnds();
      this.#events.push({ kind: 'end' });
      return;
    }
    const stanza = this.#open.pop();
    if (this.#depth !== 1 || stanza === undefined) return;
    this.#stanzaEnds();
    this.#events.push({ kind: 'stanza', stanza });
  }

  #text(text: string): void {
    const children = this.#open.at(-1)?.children;
    if (children === undefined) {
      // RFC 6120 11.7: between stanzas only white space, which keeps a connection alive.
      if (/[^ \t\r\n]/.test(text)) throw new XmppError('bad-format', 'text between stanzas');
      return;
    }
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else children.push(text);
  }

  #stanzaEnds(): void {
    const at = Math.max(this.#saxes.position, this.#chunkStart);
    const piece = this.#chunk.slice(this.#boundary - this.#chunkStart, at - this.#chunkStart);
    if (this.#pendingOctets + utf8Length(piece) > this.#limits.stanzaOctets) throw tooMuch('octets');
    this.#pendingOctets = 0;
    this.#boundary = at;
    this.#elements = 0;
    this.#pieces = 0;
  }
}

function restricted(what: string): never {
  throw new XmppError('restricted-xml', `${what} is not allowed in a stream`);
}

function tooMuch(what: string): XmppError {
  return new XmppError('policy-violation', `a stanza past the limit of ${what}`);
}
