import { OctetsError, Reader, Writer } from '@cardea/kit-octets';

/**
 * Why octets are nothing of this protocol. `length`: too short, too long, trailing; `kind`: unknown or unexpected here;
 * `range`: a field outside its range, or a value that cannot be written.
 */
export type AccessErrorCode = 'length' | 'kind' | 'range';

/** The one error of this package. It holds no secret. */
export class AccessError extends Error {
  readonly code: AccessErrorCode;
  constructor(code: AccessErrorCode, message: string) {
    super(message);
    this.name = 'AccessError';
    this.code = code;
  }
}

/** Reads a whole message. @throws AccessError `length` instead of the reader's own error, or what `read` throws */
export function reading<T>(name: string, octets: Uint8Array, read: (reader: Reader) => T): T {
  try {
    const reader = new Reader(octets);
    const value = read(reader);
    reader.end(name);
    return value;
  } catch (error) {
    if (error instanceof OctetsError) throw new AccessError('length', error.message);
    throw error;
  }
}

/** Runs a writer. @throws AccessError `range` instead of the writer's own error */
export function writing(write: (writer: Writer) => Writer): Uint8Array {
  try {
    return write(new Writer()).done();
  } catch (error) {
    if (error instanceof OctetsError) throw new AccessError('range', error.message);
    throw error;
  }
}

/** Throws `range` unless `holds`. */
export function inRange(holds: boolean, detail: string): void {
  if (!holds) throw new AccessError('range', detail);
}
