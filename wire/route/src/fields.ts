import { fromBase64, OctetsError, toBase64 } from '@cardea/kit-octets';
import { childElements, type Element, text } from '@cardea/wire-xmpp';
import { RouteError } from './errors.ts';
import { ROUTE_NAMESPACE } from './messages.ts';

// Each check is one function used by both directions: what cannot be read back is not written.

/** Ids of frames and reports: 1 to 64 characters of letters, digits and `._:-`. @throws RouteError `text` */
export function checkId(field: string, id: string): string {
  if (!/^[A-Za-z0-9._:-]{1,64}$/.test(id)) {
    throw new RouteError('text', field, 'must be 1 to 64 letters, digits or . _ : -');
  }
  return id;
}

/** A lock's identifier: 12 upper-case hex digits. @throws RouteError `text` */
export function checkIdentifier(field: string, identifier: string): string {
  if (!/^[0-9A-F]{12}$/.test(identifier)) throw new RouteError('text', field, 'must be 12 upper-case hex digits');
  return identifier;
}

/** A maker's name: 1 to 32 lower-case letters, digits and hyphens. @throws RouteError `text` */
export function checkMaker(field: string, maker: string): string {
  if (!/^[a-z0-9-]{1,32}$/.test(maker)) {
    throw new RouteError('text', field, 'must be 1 to 32 lower-case letters, digits or -');
  }
  return maker;
}

/** A whole number from `min` to `max`. @throws RouteError `range` */
export function checkInteger(field: string, value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || Object.is(value, -0) || value < min || value > max) {
    throw new RouteError('range', field, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** One of the words that the field knows. @throws RouteError `text` */
export function checkWord<Word extends string>(field: string, value: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === value);
  if (word === undefined) throw new RouteError('text', field, `must be one of ${words.join(', ')}`);
  return word;
}

/** From `min` to `max` octets. @throws RouteError `size` */
export function checkSize(field: string, octets: Uint8Array, min: number, max: number): Uint8Array {
  if (octets.length < min || octets.length > max) {
    const wanted = min === max ? `${min}` : `${min} to ${max}`;
    throw new RouteError('size', field, `must have ${wanted} octets, has ${octets.length}`);
  }
  return octets;
}

/** A whole number in its one decimal form: no sign but a minus, no leading zero. @throws RouteError `text`, `range` */
export function readInteger(field: string, value: string, min: number, max: number): number {
  if (!/^(0|-?[1-9][0-9]{0,15})$/.test(value)) throw new RouteError('text', field, 'must be a whole decimal number');
  return checkInteger(field, Number(value), min, max);
}

/** Base64 (RFC 4648 clause 4, canonical, without white space) of `min` to `max` octets. @throws RouteError */
export function readOctets(field: string, value: string, min: number, max: number): Uint8Array {
  try {
    return checkSize(field, fromBase64(value, field), min, max);
  } catch (error) {
    if (error instanceof OctetsError) throw new RouteError('text', field, 'must be canonical padded base64');
    throw error;
  }
}

/** The base64 text of `min` to `max` octets. @throws RouteError `size` */
export function writeOctets(field: string, octets: Uint8Array, min: number, max: number): string {
  return toBase64(checkSize(field, octets, min, max));
}

/** Reads the attributes of one payload element by name; `end` refuses those that nobody asked for. */
export class Attributes {
  readonly #element: Element;
  readonly #field: string;
  readonly #asked = new Set<string>();

  constructor(field: string, element: Element) {
    this.#element = element;
    this.#field = field;
  }

  /** @throws RouteError `attribute` when it is missing */
  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw new RouteError('attribute', `${this.#field}.${name}`, 'is missing');
    return value;
  }

  optional(name: string): string | undefined {
    this.#asked.add(name);
    return this.#element.attributes[name];
  }

  /** @throws RouteError `attribute` */
  end(): void {
    for (const name of Object.keys(this.#element.attributes)) {
      if (!this.#asked.has(name)) throw new RouteError('attribute', `${this.#field}.${name}`, 'is not known here');
    }
  }
}

/** The text of an element without child elements. @throws RouteError `element` */
export function textOnly(field: string, element: Element): string {
  const first = childElements(element)[0];
  if (first !== undefined) throw new RouteError('element', `${field}.${first.name}`, 'is not known here');
  return text(element);
}

/** The child elements of an element without text, all of our namespace. @throws RouteError `element` */
export function elementsOnly(field: string, element: Element): readonly Element[] {
  if (text(element) !== '') throw new RouteError('element', field, 'must not hold text');
  const children = childElements(element);
  for (const one of children) {
    if (one.namespace !== ROUTE_NAMESPACE) {
      throw new RouteError('element', `${field}.${one.name}`, `must be in ${ROUTE_NAMESPACE}`);
    }
  }
  return children;
}

/** Refuses any content. @throws RouteError `element` */
export function nothingInside(field: string, element: Element): void {
  if (textOnly(field, element) !== '') throw new RouteError('element', field, 'must be empty');
}
