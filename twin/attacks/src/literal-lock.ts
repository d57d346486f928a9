import type { AesBlock } from '@cardea/kit-crypto';
import { nodePrimitives } from '@cardea/kit-node';
import {
  decodeRequest,
  encodeRequest,
  LEGACY_WINDOW_S,
  LockError,
  openLiteralFrame,
  sealLiteralFrame,
} from '@cardea/wire-lock';
import type { Operation } from '@cardea/wire-profile';

/**
 * The weak double of attacks 2 and 3: a lock that takes the seed's literal frame, IV(16) | AES-128-CBC(block), and
 * believes whatever has a valid XOR octet and a time within the window. It exists nowhere else.
 */
export class LiteralLock {
  readonly #key: AesBlock;
  readonly #nowS: number;

  constructor(key: Uint8Array, nowS: number) {
    this.#key = nodePrimitives.aes(key);
    this.#nowS = nowS;
  }

  /** The frame by which its owner asks for an operation now. */
  ask(operation: Operation, iv: Uint8Array): Uint8Array {
    const body = { name: 'lock_control', operation, timeToLiveS: 0, stampS: this.#nowS } as const;
    return sealLiteralFrame(this.#key, iv, encodeRequest('operate', body));
  }

  /** What the lock does with a frame: an operation, or nothing. */
  act(frame: Uint8Array): Operation | 'refused' {
    const opened = this.#open(frame);
    return opened !== undefined && Math.abs(opened.stampS - this.#nowS) <= LEGACY_WINDOW_S
      ? opened.operation
      : 'refused';
  }

  /** Whether the XOR octet of a frame fits, whatever it says. */
  passesCheck(frame: Uint8Array): boolean {
    try {
      decodeRequest(openLiteralFrame(this.#key, frame));
      return true;
    } catch (error) {
      if (error instanceof LockError) return false;
      throw error;
    }
  }

  #open(frame: Uint8Array): { operation: Operation; stampS: number } | undefined {
    if (!this.passesCheck(frame)) return undefined;
    const decoded = decodeRequest(openLiteralFrame(this.#key, frame));
    if (decoded.kind !== 'request' || decoded.request.body.name !== 'lock_control') return undefined;
    return { operation: decoded.request.body.operation, stampS: decoded.request.body.stampS };
  }
}
