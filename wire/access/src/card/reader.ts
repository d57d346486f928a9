import { concat } from '@cardea/kit-octets';
import type { Step } from '@cardea/kit-runtime';
import type { OfflineOperation } from '@cardea/wire-profile';
import { AccessError } from '../errors.ts';
import { OFFLINE_OPERATION_OCTET } from '../grant-fields.ts';
import {
  CARD_AID,
  CARD_VERSION,
  CLA,
  decodeResponse,
  EXCHANGE_P1,
  encodeCommand,
  exchangeCommands,
  INS,
  type ResponseApdu,
  STATUS,
} from './apdu.ts';

/** The longest message that a card may give: a level grant's presentation has 331 octets. */
const MESSAGE_MAX_OCTETS = 512;

/**
 * Why a card is not served. `not_ours`: it does not answer to our application, as one that has only a unique identifier;
 * `no_key`: it holds none for this lock; `failed`: it could not do its part, or does not believe the lock; `malformed`.
 */
export type CardRefusal = 'not_ours' | 'no_key' | 'failed' | 'malformed';

export type ReaderInput =
  /** A card is in the field. The lock says who it is and what the tap is for. */
  | { readonly kind: 'presented'; readonly lockId: Uint8Array; readonly operation: OfflineOperation }
  /** The card's response APDU to the newest command. */
  | { readonly kind: 'answered'; readonly octets: Uint8Array }
  /** A message of the lock for the card: 21, 23 or a refusal. */
  | { readonly kind: 'send'; readonly octets: Uint8Array };

export type ReaderEffect =
  /** A command APDU for the card. */
  | { readonly kind: 'command'; readonly octets: Uint8Array }
  /** A whole message of the card: 20 or 22. */
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  /** The card has taken the lock's last message. */
  | { readonly kind: 'over' }
  | { readonly kind: 'refused'; readonly reason: CardRefusal };

/**
 * The lock's half of a card, which carries the messages of the exchange and decides nothing:
 *
 *     idle --presented--> selecting --9000--> asking --20--> turn --send 21--> asking --22--> turn --send 23--> asking --> over
 *     asking: commands chained on the way, the answer fetched piece by piece
 */
export type ReaderState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'selecting'; readonly lockId: Uint8Array; readonly operation: OfflineOperation }
  | { readonly kind: 'asking'; readonly commands: readonly Uint8Array[]; readonly answer: Uint8Array }
  /** The lock's turn: the card waits for its message. */
  | { readonly kind: 'turn' }
  | { readonly kind: 'over' };

/** Before a card comes; each card, and each time it comes, begins here. */
export const IDLE_READER: ReaderState = { kind: 'idle' };

const OVER: ReaderState = { kind: 'over' };

/** One step of {@link ReaderState}. What does not belong to the state is ignored. */
export function stepReader(state: ReaderState, input: ReaderInput): Step<ReaderState, ReaderEffect> {
  switch (input.kind) {
    case 'presented': {
      const select = { cla: CLA.interindustry, ins: INS.select, p1: 0x04, p2: 0x00, data: CARD_AID, le: 256 };
      return {
        state: { kind: 'selecting', lockId: input.lockId, operation: input.operation },
        effects: [{ kind: 'command', octets: encodeCommand(select) }],
      };
    }
    case 'send':
      return state.kind === 'turn' ? ask(exchangeCommands(EXCHANGE_P1.message, 0, input.octets)) : stay(state);
    case 'answered':
      return answered(state, input.octets);
  }
}

function answered(state: ReaderState, octets: Uint8Array): Step<ReaderState, ReaderEffect> {
  if (state.kind !== 'selecting' && state.kind !== 'asking') return stay(state);
  const response = responseOf(octets);
  if (response === undefined) return refuse('malformed');
  if (state.kind === 'asking') return asked(state, response);
  const isOurs = response.status === STATUS.done && response.data.length === 1 && response.data[0] === CARD_VERSION;
  if (!isOurs) return refuse('not_ours');
  return ask(exchangeCommands(EXCHANGE_P1.begin, OFFLINE_OPERATION_OCTET[state.operation], state.lockId));
}

function asked(
  state: Extract<ReaderState, { kind: 'asking' }>,
  { data, status }: ResponseApdu,
): Step<ReaderState, ReaderEffect> {
  const { commands } = state;
  if (status === STATUS.noKey) return refuse('no_key');
  const [next, ...rest] = commands;
  if (next !== undefined) {
    if (status !== STATUS.done || data.length > 0) return refuse('failed');
    return { state: { ...state, commands: rest }, effects: [{ kind: 'command', octets: next }] };
  }
  const answer = concat(state.answer, data);
  if (answer.length > MESSAGE_MAX_OCTETS) return refuse('malformed');
  if (status >> 8 === STATUS.more >> 8) {
    // A card that says that more is there and gives nothing would keep the reader for ever.
    if (data.length === 0) return refuse('malformed');
    const le = status & 0xff || 256;
    const fetch = { cla: CLA.interindustry, ins: INS.getResponse, p1: 0, p2: 0, data: new Uint8Array(0), le };
    return { state: { ...state, answer }, effects: [{ kind: 'command', octets: encodeCommand(fetch) }] };
  }
  if (status !== STATUS.done) return refuse('failed');
  if (answer.length === 0) return { state: OVER, effects: [{ kind: 'over' }] };
  return { state: { kind: 'turn' }, effects: [{ kind: 'message', octets: answer }] };
}

function ask(commands: readonly Uint8Array[]): Step<ReaderState, ReaderEffect> {
  const [first, ...rest] = commands;
  return {
    state: { kind: 'asking', commands: rest, answer: new Uint8Array(0) },
    effects: first === undefined ? [] : [{ kind: 'command', octets: first }],
  };
}

function responseOf(octets: Uint8Array): ResponseApdu | undefined {
  try {
    return decodeResponse(octets);
  } catch (error) {
    if (error instanceof AccessError) return undefined;
    throw error;
  }
}

function stay(state: ReaderState): Step<ReaderState, ReaderEffect> {
  return { state, effects: [] };
}

function refuse(reason: CardRefusal): Step<ReaderState, ReaderEffect> {
  return { state: OVER, effects: [{ kind: 'refused', reason }] };
}
