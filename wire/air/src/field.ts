import { fromHex, type Reader, toHex, type Writer } from '@cardea/kit-octets';
import { AirError } from './errors.ts';

/** How one field of a message is written and read. */
export interface Field<T> {
  write(writer: Writer, name: string, value: T): void;
  read(reader: Reader, name: string): T;
}

/** An unsigned integer. */
export function uint(sizeOctets: number): Field<number> {
  return {
    write: (writer, name, value) => writer.uint(name, value, sizeOctets),
    read: (reader, name) => reader.uint(name, sizeOctets),
  };
}

/** 0 or 1. */
export const flag: Field<boolean> = {
  write: (writer, name, value) => writer.uint(name, value ? 1 : 0, 1),
  read(reader, name) {
    const value = reader.uint(name, 1);
    if (value > 1) throw new AirError('malformed', `${name}: must be 0 or 1`);
    return value === 1;
  },
};

/** One octet, two's complement. */
export const signed: Field<number> = {
  write(writer, name, value) {
    if (value < -128 || value > 127) throw new AirError('malformed', `${name}: must be from -128 to 127`);
    writer.uint(name, value & 0xff, 1);
  },
  read(reader, name) {
    const value = reader.uint(name, 1);
    return value > 127 ? value - 256 : value;
  },
};

/** length(2), then that many octets, at most `limit`. */
export function octets(limit: number): Field<Uint8Array> {
  return {
    write(writer, name, value) {
      if (value.length > limit) throw new AirError('too_long', `${name}: has ${value.length} octets, at most ${limit}`);
      writer.uint(name, value.length, 2).octets(name, value);
    },
    read(reader, name) {
      const size = reader.uint(name, 2);
      if (size > limit) throw new AirError('too_long', `${name}: has ${size} octets, at most ${limit}`);
      return reader.octets(name, size);
    },
  };
}

/** length(1), then printable ASCII, at most `limit` characters (255 at the most). */
export function text(limit: number): Field<string> {
  return {
    write(writer, name, value) {
      if (value.length > limit)
        throw new AirError('too_long', `${name}: has ${value.length} characters, at most ${limit}`);
      writer.uint(name, value.length, 1);
      for (let at = 0; at < value.length; at++) writer.uint(name, printable(name, value.charCodeAt(at)), 1);
    },
    read(reader, name) {
      const size = reader.uint(name, 1);
      if (size > limit) throw new AirError('too_long', `${name}: has ${size} characters, at most ${limit}`);
      let value = '';
      for (const octet of reader.octets(name, size)) value += String.fromCharCode(printable(name, octet));
      return value;
    },
  };
}

function printable(name: string, code: number): number {
  if (code < 0x20 || code > 0x7e) throw new AirError('malformed', `${name}: only printable ASCII`);
  return code;
}

/** 16 octets; in text a 128-bit UUID in lower case with dashes. */
export const uuid: Field<string> = {
  write(writer, name, value) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) {
      throw new AirError('malformed', `${name}: not a 128-bit UUID in lower case`);
    }
    writer.octets(name, fromHex(value.replaceAll('-', '')));
  },
  read: (reader, name) => toHex(reader.octets(name, 16)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
};

/** 6 octets; in text 12 upper-case hex digits. */
export const address: Field<string> = {
  write(writer, name, value) {
    if (!/^[0-9A-F]{12}$/.test(value)) throw new AirError('malformed', `${name}: not 12 upper-case hex digits`);
    writer.octets(name, fromHex(value));
  },
  read: (reader, name) => toHex(reader.octets(name, 6)).toUpperCase(),
};

/** One octet that stands for one of these words, by its place. */
export function word<const W extends string>(words: readonly W[]): Field<W> {
  return {
    write(writer, name, value) {
      const at = words.indexOf(value);
      if (at < 0) throw new AirError('malformed', `${name}: must be one of ${words.join(', ')}`);
      writer.uint(name, at, 1);
    },
    read(reader, name) {
      const value = words[reader.uint(name, 1)];
      if (value === undefined) throw new AirError('malformed', `${name}: must be one of ${words.join(', ')}`);
      return value;
    },
  };
}

/** count(2), then that many, at most `limit`. */
export function list<T>(item: Field<T>, limit: number): Field<readonly T[]> {
  return {
    write(writer, name, value) {
      if (value.length > limit) throw new AirError('too_long', `${name}: has ${value.length} items, at most ${limit}`);
      writer.uint(name, value.length, 2);
      for (const one of value) item.write(writer, name, one);
    },
    read(reader, name) {
      const count = reader.uint(name, 2);
      if (count > limit) throw new AirError('too_long', `${name}: has ${count} items, at most ${limit}`);
      return Array.from({ length: count }, () => item.read(reader, name));
    },
  };
}

/** What a shape holds. */
export type ValueOf<S> = { readonly [Name in keyof S]: S[Name] extends Field<infer T> ? T : never };

/** Several fields as one. */
export function struct<S extends Readonly<Record<string, AnyField>>>(shape: S): Field<ValueOf<S>> {
  const entries = Object.entries(shape);
  return {
    write(writer, name, value) {
      const members: Readonly<Record<string, unknown>> = value;
      for (const [member, field] of entries) field.write(writer, `${name}.${member}`, members[member] as never);
    },
    read: (reader, name) =>
      Object.fromEntries(
        entries.map(([member, field]) => [member, field.read(reader, `${name}.${member}`)]),
      ) as ValueOf<S>,
  };
}

/** Any field, to be looped over: it can be read, and written only by who knows its type. */
export interface AnyField {
  write(writer: Writer, name: string, value: never): void;
  read(reader: Reader, name: string): unknown;
}
