import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import { concat, equal } from '@cardea/kit-octets';
import type { Step } from '@cardea/kit-runtime';
import { AccessError } from '../errors.ts';
import {
  IDLE_PHONE,
  type KeyBundle,
  type PhoneContext,
  type PhoneEffect,
  type PhoneInput,
  type PhoneState,
  stepPhone,
} from '../exchange/phone.ts';
import { offlineOperationOf } from '../grant-fields.ts';
import {
  CARD_AID,
  CARD_VERSION,
  CLA,
  type CommandApdu,
  decodeCommand,
  EXCHANGE_P1,
  encodeResponse,
  INS,
  STATUS,
} from './apdu.ts';

/** The longest message of the lock: message 21 has 114 octets. */
const MESSAGE_MAX_OCTETS = 512;
const NOTHING = new Uint8Array(0);

/** What a card is given besides its input. A card has no clock: the field's end is its only timer. */
export interface CardContext<Receipt> {
  readonly primitives: Primitives;
  readonly openReceipt: PhoneContext<Receipt>['openReceipt'];
  /** The keys in the chip, one a lock. */
  readonly keys: readonly KeyBundle[];
}

export type CardInput =
  /** A command APDU of the reader. */
  | { readonly kind: 'command'; readonly octets: Uint8Array }
  /** Results of effects, as of a phone. */
  | {
      readonly kind: 'ephemeral';
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
    }
  | { readonly kind: 'signed'; readonly signature: Uint8Array | undefined }
  | { readonly kind: 'agreed'; readonly z: Uint8Array | undefined };

export type CardEffect<Receipt> =
  /** The response APDU to the command. */
  | { readonly kind: 'respond'; readonly octets: Uint8Array }
  | Extract<PhoneEffect<Receipt>, { kind: 'make-ephemeral' | 'sign' | 'agree' | 'done' | 'refused' }>;

/** A card in the field: a phone's machine behind APDUs. When the field is gone it begins anew. */
export interface CardState {
  readonly selected: boolean;
  readonly phone: PhoneState;
  /** Pieces of a chained command. */
  readonly incoming: Uint8Array;
  /** What of an answer the reader has not fetched. */
  readonly outgoing: Uint8Array;
  /** A command waits for its response. */
  readonly busy: boolean;
}

/** A card that has just got power. */
export const IDLE_CARD: CardState = {
  selected: false,
  phone: IDLE_PHONE,
  incoming: NOTHING,
  outgoing: NOTHING,
  busy: false,
};

type CardStep<Receipt> = Step<CardState, CardEffect<Receipt>>;

/** One step of a {@link CardState}. Every command is answered once, now or when the chip has computed. */
export function stepCard<Receipt>(
  context: CardContext<Receipt>,
  state: CardState,
  input: CardInput,
): CardStep<Receipt> {
  if (input.kind !== 'command') return state.busy ? advance(context, state, input) : background(context, state, input);
  if (state.busy) return { state, effects: [] };
  const command = commandOf(input.octets);
  if (command === undefined) return respond(state, NOTHING, STATUS.wrongLength);
  if (command.ins === INS.select) return select(command);
  if (command.ins === INS.getResponse) return getResponse(state, command);
  if (command.ins !== INS.exchange) return respond(state, NOTHING, STATUS.unknownInstruction);
  return exchange(context, { ...state, outgoing: NOTHING }, command);
}

/** SELECT begins anew, whatever was before; another application is not here. */
function select<Receipt>({ cla, p1, data }: CommandApdu): CardStep<Receipt> {
  if (cla !== CLA.interindustry) return respond(IDLE_CARD, NOTHING, STATUS.unknownClass);
  if (p1 !== 0x04 || !equal(data, CARD_AID)) return respond(IDLE_CARD, NOTHING, STATUS.noKey);
  return respond({ ...IDLE_CARD, selected: true }, Uint8Array.of(CARD_VERSION), STATUS.done);
}

function getResponse<Receipt>(state: CardState, { cla, le }: CommandApdu): CardStep<Receipt> {
  if (cla !== CLA.interindustry) return respond(state, NOTHING, STATUS.unknownClass);
  if (state.outgoing.length === 0) return respond(state, NOTHING, STATUS.notNow);
  return give(state, state.outgoing, le ?? 256);
}

function exchange<Receipt>(
  context: CardContext<Receipt>,
  state: CardState,
  { cla, p1, p2, data }: CommandApdu,
): CardStep<Receipt> {
  if ((cla & ~CLA.chained) !== CLA.proprietary) return respond(state, NOTHING, STATUS.unknownClass);
  if (!state.selected) return respond(state, NOTHING, STATUS.notNow);
  const whole = concat(state.incoming, data);
  if (whole.length > MESSAGE_MAX_OCTETS) return respond({ ...state, incoming: NOTHING }, NOTHING, STATUS.wrongLength);
  if ((cla & CLA.chained) !== 0) return respond({ ...state, incoming: whole }, NOTHING, STATUS.done);
  const ready = { ...state, incoming: NOTHING, busy: true };
  if (p1 === EXCHANGE_P1.begin) return begin(context, ready, p2, whole);
  if (p1 !== EXCHANGE_P1.message) return respond(ready, NOTHING, STATUS.wrongParameters);
  if (state.phone.kind !== 'greeted' && state.phone.kind !== 'presented' && state.phone.kind !== 'agreed') {
    return respond(ready, NOTHING, STATUS.notNow);
  }
  return advance(context, ready, { kind: 'message', octets: whole });
}

function begin<Receipt>(
  context: CardContext<Receipt>,
  state: CardState,
  operationOctet: number,
  lockId: Uint8Array,
): CardStep<Receipt> {
  const operation = operationOf(operationOctet);
  if (operation === undefined) return respond(state, NOTHING, STATUS.wrongParameters);
  const bundle = context.keys.find((each) => equal(each.lockId, lockId));
  if (bundle === undefined) return respond(state, NOTHING, STATUS.noKey);
  return advance(context, { ...state, phone: IDLE_PHONE }, { kind: 'start', bundle, operation });
}

/** Feeds the phone's machine; what it sends is the answer to the reader's command, and so is its end. */
function advance<Receipt>(context: CardContext<Receipt>, state: CardState, input: PhoneInput): CardStep<Receipt> {
  const stepped = stepPhone(phoneContext(context), state.phone, input);
  let card: CardState = { ...state, phone: stepped.state };
  const effects: CardEffect<Receipt>[] = [];
  const answer = ({ state: next, effects: more }: CardStep<Receipt>): void => {
    card = next;
    effects.push(...more);
  };
  for (const effect of stepped.effects) {
    switch (effect.kind) {
      case 'send':
        answer(give({ ...card, busy: false }, effect.octets, 256));
        break;
      case 'done':
        effects.push(effect);
        answer(respond(card, NOTHING, STATUS.done));
        break;
      case 'refused':
        effects.push(effect);
        answer(respond(card, NOTHING, effect.reason === 'other_lock' ? STATUS.notProved : STATUS.failed));
        break;
      case 'make-ephemeral':
      case 'sign':
      case 'agree':
        effects.push(effect);
        break;
      case 'wake':
        // A chip has no clock to wait by: a refusal is the end of the tap.
        if (isRefused(card.phone)) {
          card = { ...card, phone: { kind: 'over' } };
          effects.push({ kind: 'refused', reason: 'refused' });
          answer(respond(card, NOTHING, STATUS.done));
        }
        break;
    }
  }
  return { state: card, effects };
}

/** A computation that ends while the reader is not waiting: the agreement, before message 23 has come. */
function background<Receipt>(context: CardContext<Receipt>, state: CardState, input: PhoneInput): CardStep<Receipt> {
  const { state: phone, effects } = stepPhone(phoneContext(context), state.phone, input);
  return { state: { ...state, phone }, effects: effects.filter((effect) => effect.kind === 'refused') };
}

function isRefused(phone: PhoneState): boolean {
  return (phone.kind === 'presented' || phone.kind === 'agreed') && phone.refused;
}

function phoneContext<Receipt>({ primitives, openReceipt }: CardContext<Receipt>): PhoneContext<Receipt> {
  return { primitives, now: { unixMs: 0, monotonicMs: 0 }, openReceipt };
}

/** As much of `octets` as the reader takes, and how much more there is. */
function give<Receipt>(state: CardState, octets: Uint8Array, le: number): CardStep<Receipt> {
  const piece = octets.slice(0, le);
  const rest = octets.slice(le);
  const status = rest.length === 0 ? STATUS.done : STATUS.more | Math.min(rest.length, 0xff);
  return respond({ ...state, outgoing: rest }, piece, status);
}

function respond<Receipt>(state: CardState, data: Uint8Array, status: number): CardStep<Receipt> {
  return {
    state: { ...state, busy: false },
    effects: [{ kind: 'respond', octets: encodeResponse({ data, status }) }],
  };
}

function commandOf(octets: Uint8Array): CommandApdu | undefined {
  return decoded(() => decodeCommand(octets));
}

function operationOf(octet: number): ReturnType<typeof offlineOperationOf> | undefined {
  return decoded(() => offlineOperationOf(octet));
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof AccessError) return undefined;
    throw error;
  }
}
