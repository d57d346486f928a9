import { ScpmError } from './errors.ts';

/** The frame header HD (7.1.2, ours: one octet). It is not covered by the MDAS. */
export const HD = { plain: 0x00, secure: 0x80 } as const;

/** Which services protect a frame (b6, b7): data authentication, confidentiality, or both. */
export type Services = 'auth' | 'enc' | 'auth+enc';

/** Why a request was not served (b12 to b14): its SNF, its authentication, its decryption. */
export type Failure = 'snf' | 'auth' | 'decrypt';

/** The key index of each level that has one key (7.2.2, Figure 7). */
export const KEY_INDEX = { serial: 0, user: 1, maker: 2, firstProvider: 3, lastProvider: 15 } as const;

/** The secure header SHD (7.2.2, Figure 7). */
export interface SecureHeader {
  /** b3..b0: 0 serial, 1 user, 2 maker, 3 to 15 service providers. */
  readonly keyIndex: number;
  /** b4: protected by the secret of a Diffie-Hellman run, not by the key of `keyIndex`. */
  readonly dh: boolean;
  readonly services: Services;
  /** b8. */
  readonly response: boolean;
  /** b12 to b14, of a response that is none of success. */
  readonly failure?: Failure | undefined;
}

const FAILURE_BITS: Readonly<Record<Failure, number>> = { snf: 1 << 12, auth: 1 << 13, decrypt: 1 << 14 };
const AUTH_OFF = 1 << 6;
const ENC_OFF = 1 << 7;
const RESPONSE = 1 << 8;
const DH = 1 << 4;
const FAILURES = 0x7000;
const RESERVED = 0x8e20;

/** SHD as 16 bits: octet 0 on the wire is b7..b0, octet 1 is b15..b8. @throws ScpmError `range`, `services` */
export function encodeSecureHeader({ keyIndex, dh, services, response, failure }: SecureHeader): number {
  if (!Number.isInteger(keyIndex) || keyIndex < 0 || keyIndex > 15) {
    throw new ScpmError('range', 'keyIndex', `must be a whole number from 0 to 15, is ${keyIndex}`);
  }
  if (failure !== undefined && !response) throw new ScpmError('services', 'failure', 'only a response tells a failure');
  return (
    keyIndex |
    (dh ? DH : 0) |
    (services === 'enc' ? AUTH_OFF : 0) |
    (services === 'auth' ? ENC_OFF : 0) |
    (response ? RESPONSE : 0) |
    (failure === undefined ? 0 : FAILURE_BITS[failure])
  );
}

/**
 * The inverse of {@link encodeSecureHeader}. @throws ScpmError `reserved` (a reserved bit is set), `services` (both
 * services off; more than one failure; a failure in a request)
 */
export function decodeSecureHeader(bits: number): SecureHeader {
  if ((bits & RESERVED) !== 0) throw new ScpmError('reserved', 'shd', 'b5, b9 to b11 and b15 are reserved and 0');
  if ((bits & AUTH_OFF) !== 0 && (bits & ENC_OFF) !== 0) {
    throw new ScpmError('services', 'shd', 'a secure frame has authentication or encryption on');
  }
  const response = (bits & RESPONSE) !== 0;
  return {
    keyIndex: bits & 0x0f,
    dh: (bits & DH) !== 0,
    services: (bits & AUTH_OFF) !== 0 ? 'enc' : (bits & ENC_OFF) !== 0 ? 'auth' : 'auth+enc',
    response,
    failure: failureOf(bits & FAILURES, response),
  };
}

/** Of bits that {@link decodeSecureHeader} refuses, the fields that are plain nevertheless; of others all. */
export function readableHeader(bits: number): Partial<SecureHeader> {
  try {
    return decodeSecureHeader(bits);
  } catch (error) {
    if (!(error instanceof ScpmError)) throw error;
    return { keyIndex: bits & 0x0f, dh: (bits & DH) !== 0, response: (bits & RESPONSE) !== 0 };
  }
}

function failureOf(bits: number, response: boolean): Failure | undefined {
  if (bits === 0) return undefined;
  if (!response) throw new ScpmError('services', 'shd', 'a request tells no failure (b12 to b14)');
  for (const failure of ['snf', 'auth', 'decrypt'] as const) if (bits === FAILURE_BITS[failure]) return failure;
  throw new ScpmError('services', 'shd', 'a response tells one failure (b12 to b14), not several');
}
