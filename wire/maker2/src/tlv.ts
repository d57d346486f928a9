import { concat } from '@cardea/kit-octets';
import { Maker2Error } from './errors.ts';

/** One element: tag(1) length(1) value(length). */
export interface Element {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** The elements of one message, by name: its tag and its exact size in octets, or the range of sizes. */
export type Layout<Name extends string> = Readonly<
  Record<Name, { readonly tag: number; readonly size: number | readonly [min: number, max: number] }>
>;

/** Elements one after the other. @throws Maker2Error `range` for a tag or length over one octet */
export function encodeTlv(elements: readonly Element[]): Uint8Array {
  return concat(
    ...elements.map(({ tag, value }) => {
      if (tag < 1 || tag > 255) throw new Maker2Error('range', 'tag', `must be from 1 to 255, is ${tag}`);
      if (value.length > 255) throw new Maker2Error('range', `element ${tag}`, 'holds at most 255 octets');
      return concat(Uint8Array.of(tag, value.length), value);
    }),
  );
}

/**
 * The elements of octets. There is one encoding of each list: tags strictly ascending, nothing after the last.
 * @throws Maker2Error `truncated`, `order`
 */
export function decodeTlv(octets: Uint8Array): readonly Element[] {
  const elements: Element[] = [];
  let last = 0;
  for (let at = 0; at < octets.length; ) {
    const tag = octets[at] ?? 0;
    const length = octets[at + 1];
    if (length === undefined || at + 2 + length > octets.length) {
      throw new Maker2Error('truncated', `element ${tag}`, 'ends before its length says');
    }
    if (tag <= last) throw new Maker2Error('order', `element ${tag}`, `does not belong after element ${last}`);
    elements.push({ tag, value: octets.slice(at + 2, at + 2 + length) });
    last = tag;
    at += 2 + length;
  }
  return elements;
}

/** Writes exactly the elements of `layout`, in its order. @throws Maker2Error `length` */
export function encodeFields<Name extends string>(
  layout: Layout<Name>,
  values: Readonly<Record<Name, Uint8Array>>,
): Uint8Array {
  const names = Object.keys(layout) as Name[];
  return encodeTlv(
    names.map((name) => {
      const { tag } = layout[name];
      checkSize(name, values[name], layout[name].size);
      return { tag, value: values[name] };
    }),
  );
}

/** Reads exactly the elements of `layout`. @throws Maker2Error `truncated`, `order`, `unknown`, `missing`, `length` */
export function decodeFields<Name extends string>(layout: Layout<Name>, octets: Uint8Array): Record<Name, Uint8Array> {
  const left = new Map(decodeTlv(octets).map(({ tag, value }) => [tag, value]));
  const fields = {} as Record<Name, Uint8Array>;
  for (const name of Object.keys(layout) as Name[]) {
    const value = left.get(layout[name].tag);
    if (value === undefined) throw new Maker2Error('missing', name, 'is not there');
    checkSize(name, value, layout[name].size);
    fields[name] = value;
    left.delete(layout[name].tag);
  }
  for (const tag of left.keys()) throw new Maker2Error('unknown', `element ${tag}`, 'does not belong in this message');
  return fields;
}

function checkSize(field: string, value: Uint8Array, size: number | readonly [min: number, max: number]): void {
  const [min, max] = typeof size === 'number' ? [size, size] : size;
  if (value.length < min || value.length > max) {
    const wanted = min === max ? `${min}` : `${min} to ${max}`;
    throw new Maker2Error('length', field, `must have ${wanted} octets, has ${value.length}`);
  }
}
