import { CHANGE_DIGEST_SIZE_OCTETS } from '@cardea/wire-access';
import type { CommandClass, Operation } from '@cardea/wire-profile';
import { type CommandFrame, decodeCommandFrame, encodeCommandFrame, readValue, writeValue } from './command-frame.ts';
import { LockError } from './errors.ts';
import { CLASS_OCTET, INSTRUCTIONS, type InstructionName, instructionById, OPERATION_OCTET } from './instructions.ts';

/** Octets of a nonce. */
export const NONCE_SIZE_OCTETS = 8;

/** What a request asks for; times in Unix seconds. */
export type RequestBody =
  | {
      readonly name: 'lock_control';
      readonly operation: Operation;
      readonly timeToLiveS: number /** Lock time. */;
      readonly stampS: number;
    }
  | {
      readonly name: 'nonce_fresh_lock_control';
      readonly operation: Operation;
      readonly nonce: Uint8Array;
      readonly timeToLiveS: number;
    }
  | { readonly name: 'get_nonce' }
  | { readonly name: 'set_time'; readonly nonce: Uint8Array; readonly stepBack: boolean; readonly timeS: number }
  | { readonly name: 'event_ack'; readonly sequence: number; readonly stampS: number }
  | { readonly name: 'configure'; readonly autoRelockS: number; readonly heldOpenS: number; readonly stampS: number }
  | { readonly name: 'reset'; readonly stampS: number }
  | { readonly name: 'chain_head' }
  /** `digest`: 8 octets. */
  | { readonly name: 'apply'; readonly digest: Uint8Array; readonly stampS: number };

/** A request of the RAS: octet 1 is its class. */
export interface Request {
  /** The class octet as it stands in the frame; the lock compares it with the table. */
  readonly classOctet: number;
  readonly body: RequestBody;
}

/** What a decoded request is: known and well formed, or a reason why the lock cannot do it. */
export type DecodedRequest =
  | { readonly kind: 'request'; readonly id: number; readonly request: Request }
  | { readonly kind: 'unsupported'; readonly id: number };

/** The 16 octets of a request of class `commandClass`. @throws LockError `range` */
export function encodeRequest(commandClass: CommandClass, body: RequestBody): Uint8Array {
  const { value, word } = fields(body);
  return encodeCommandFrame({ id: requestId(body.name), type: CLASS_OCTET[commandClass], value, word });
}

/** The request in 16 octets; unknown ids, operations and flags are `unsupported`. @throws LockError `length`, `check` */
export function decodeRequest(octets: Uint8Array): DecodedRequest {
  const frame = decodeCommandFrame(octets);
  try {
    const body = bodyOf(frame);
    return body === undefined
      ? { kind: 'unsupported', id: frame.id }
      : { kind: 'request', id: frame.id, request: { classOctet: frame.type, body } };
  } catch (error) {
    if (error instanceof LockError && error.code === 'range') return { kind: 'unsupported', id: frame.id };
    throw error;
  }
}

/** The id of an instruction. @throws LockError `range` */
export function requestId(name: InstructionName): number {
  const id = IDS.get(name);
  if (id === undefined) throw new LockError('range', `no instruction ${name}`);
  return id;
}

const IDS: ReadonlyMap<InstructionName, number> = new Map(INSTRUCTIONS.map(({ name, id }) => [name, id]));

function fields(body: RequestBody): { readonly value: Uint8Array; readonly word: number } {
  switch (body.name) {
    case 'lock_control':
      return {
        value: writeValue((w) =>
          w.uint('operation', OPERATION_OCTET[body.operation], 1).uint('ttl', body.timeToLiveS, 1),
        ),
        word: body.stampS,
      };
    case 'nonce_fresh_lock_control':
      return {
        value: writeValue((w) =>
          w.uint('operation', OPERATION_OCTET[body.operation], 1).octets('nonce', body.nonce, NONCE_SIZE_OCTETS),
        ),
        word: body.timeToLiveS,
      };
    case 'get_nonce':
    case 'chain_head':
      return { value: writeValue(() => undefined), word: 0 };
    case 'set_time':
      return {
        value: writeValue((w) =>
          w.octets('nonce', body.nonce, NONCE_SIZE_OCTETS).uint('flags', body.stepBack ? 1 : 0, 1),
        ),
        word: body.timeS,
      };
    case 'event_ack':
      return { value: writeValue((w) => w.uint('sequence', body.sequence, 4)), word: body.stampS };
    case 'configure':
      return {
        value: writeValue((w) => w.uint('auto-relock', body.autoRelockS, 2).uint('held open', body.heldOpenS, 2)),
        word: body.stampS,
      };
    case 'reset':
      return { value: writeValue(() => undefined), word: body.stampS };
    case 'apply':
      return {
        value: writeValue((w) => w.octets('digest', body.digest, CHANGE_DIGEST_SIZE_OCTETS)),
        word: body.stampS,
      };
  }
}

function bodyOf(frame: CommandFrame): RequestBody | undefined {
  const row = instructionById(frame.id);
  if (row === undefined) return undefined;
  const { value, word } = frame;
  switch (row.name) {
    case 'lock_control':
      return readValue(value, (r) => ({
        name: 'lock_control',
        operation: operationOf(r.uint('operation', 1)),
        timeToLiveS: r.uint('ttl', 1),
        stampS: word,
      }));
    case 'nonce_fresh_lock_control':
      return readValue(value, (r) => ({
        name: 'nonce_fresh_lock_control',
        operation: operationOf(r.uint('operation', 1)),
        nonce: r.octets('nonce', NONCE_SIZE_OCTETS),
        timeToLiveS: word,
      }));
    case 'get_nonce':
      return readValue(value, () => {
        if (word !== 0) throw new LockError('range', 'the word of GET_NONCE is 0');
        return { name: 'get_nonce' };
      });
    case 'chain_head':
      return readValue(value, () => {
        if (word !== 0) throw new LockError('range', 'the word of CHAIN_HEAD is 0');
        return { name: 'chain_head' };
      });
    case 'set_time':
      return readValue(value, (r) => {
        const nonce = r.octets('nonce', NONCE_SIZE_OCTETS);
        const flags = r.uint('flags', 1);
        if (flags > 1) throw new LockError('range', 'unknown flags');
        return { name: 'set_time', nonce, stepBack: flags === 1, timeS: word };
      });
    case 'event_ack':
      return readValue(value, (r) => ({ name: 'event_ack', sequence: r.uint('sequence', 4), stampS: word }));
    case 'configure':
      return readValue(value, (r) => ({
        name: 'configure',
        autoRelockS: r.uint('auto-relock', 2),
        heldOpenS: r.uint('held open', 2),
        stampS: word,
      }));
    case 'reset':
      return readValue(value, () => ({ name: 'reset', stampS: word }));
    case 'apply':
      return readValue(value, (r) => ({
        name: 'apply',
        digest: r.octets('digest', CHANGE_DIGEST_SIZE_OCTETS),
        stampS: word,
      }));
  }
}

function operationOf(octet: number): Operation {
  const found = Object.entries(OPERATION_OCTET).find(([, value]) => value === octet);
  if (found === undefined) throw new LockError('range', `no operation ${octet}`);
  return found[0] as Operation;
}
