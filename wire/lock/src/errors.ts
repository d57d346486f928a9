import { OctetsError, Reader } from '@cardea/kit-octets';

/**
 * Why octets are no message of this protocol. `length`: too short, too long, trailing; `kind`: unknown or unexpected
 * here; `range`: a field outside its range; `check`: the XOR octet; `segment`: a piece that fits no message; `unbound`: no
 * binding key is in force.
 */
export type LockErrorCode = 'length' | 'kind' | 'range' | 'check' | 'segment' | 'unbound';

/** The one error of this package: a malformed message, or a value that cannot be encoded. It holds no secret. */
export class LockError extends Error {
  readonly code: LockErrorCode;
  constructor(code: LockErrorCode, message: string) {
    super(message);
    this.name = 'LockError';
    this.code = code;
  }
}

/** Reads a whole message of fixed length. @throws LockError `length`, or what `read` throws */
export function reading<T>(name: string, octets: Uint8Array, sizeOctets: number, read: (reader: Reader) => T): T {
  if (octets.length !== sizeOctets) {
    throw new LockError('length', `${name} has ${sizeOctets} octets, not ${octets.length}`);
  }
  const reader = new Reader(octets);
  const value = read(reader);
  reader.end(name);
  return value;
}

/** Runs a writer. @throws LockError `range` instead of the writer's own error */
export function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof OctetsError) throw new LockError('range', error.message);
    throw error;
  }
}
