import { Maker2Error } from './errors.ts';
import { decodeUint, encodeUint } from './little-endian.ts';
import { decodeFields, decodeTlv, encodeFields } from './tlv.ts';

/** Octets of the tag that ends a sealed element. */
export const SEAL_TAG_OCTETS = 8;

/** A message of this protocol as it crosses the link (docs/maker2.md, "Messages"). */
export type Message =
  /** RAS -> lock: asks for a challenge. `ask` names the request, so that a duplicate gets the same answer. */
  | { readonly kind: 'hello'; readonly ask: Uint8Array }
  /** Lock -> RAS: the challenge that the next command must carry. In clear: a false one is only a failed command. */
  | {
      readonly kind: 'challenge';
      readonly ask: Uint8Array;
      readonly challenge: Uint8Array;
      readonly keyVersion: number;
      readonly resetCount: number;
    }
  | {
      readonly kind: 'command';
      readonly challenge: Uint8Array;
      readonly nonce: Uint8Array;
      readonly sealed: Uint8Array;
    }
  | {
      readonly kind: 'receipt';
      readonly challenge: Uint8Array;
      readonly nonce: Uint8Array;
      readonly sealed: Uint8Array;
    }
  | { readonly kind: 'event'; readonly nonce: Uint8Array; readonly sealed: Uint8Array }
  | { readonly kind: 'ack'; readonly nonce: Uint8Array; readonly sealed: Uint8Array }
  | {
      readonly kind: 'bind-request';
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly keyVersion: number;
      readonly mac: Uint8Array;
    }
  | {
      readonly kind: 'bind-answer';
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly resetCount: number;
      readonly mac: Uint8Array;
    }
  /** Lock -> RAS, not authenticated: a hint and nothing more. */
  | { readonly kind: 'refusal'; readonly code: RefusalCode; readonly resetCount: number };

/** Why the lock will not, said without authentication. */
export type RefusalCode = keyof typeof REFUSALS;

const REFUSALS = {
  not_bound: 1,
  bound: 2,
  window_closed: 3,
  wait_for_confirmation: 4,
  stale: 5,
  mac: 6,
  too_many: 7,
  not_confirmed: 8,
} as const;

const KIND = { tag: 0x01, size: 1 };
const ASK = { tag: 0x02, size: 4 };
const CHALLENGE = { tag: 0x03, size: 8 };
const NONCE = { tag: 0x04, size: 12 };
const RANDOM = { tag: 0x05, size: 16 };
const PUBLIC_KEY = { tag: 0x06, size: 65 };
const KEY_VERSION = { tag: 0x07, size: 4 };
const RESET_COUNT = { tag: 0x08, size: 4 };
const CODE = { tag: 0x09, size: 1 };
const SEALED = { tag: 0x0e, size: [SEAL_TAG_OCTETS + 1, 64] as const };
const MAC = { tag: 0x0f, size: 16 };

const HELLO = { kind: KIND, ask: ASK };
const CHALLENGE_ANSWER = { ...HELLO, challenge: CHALLENGE, keyVersion: KEY_VERSION, resetCount: RESET_COUNT };
const CHALLENGED = { kind: KIND, challenge: CHALLENGE, nonce: NONCE, sealed: SEALED };
const UNCHALLENGED = { kind: KIND, nonce: NONCE, sealed: SEALED };
const BIND_REQUEST = { kind: KIND, random: RANDOM, publicKey: PUBLIC_KEY, keyVersion: KEY_VERSION, mac: MAC };
const BIND_ANSWER = { kind: KIND, random: RANDOM, publicKey: PUBLIC_KEY, resetCount: RESET_COUNT, mac: MAC };
const REFUSAL = { kind: KIND, resetCount: RESET_COUNT, code: CODE };

/** The kind octets of the messages: element 01 of each. */
export const MESSAGE_KINDS = {
  hello: 0x01,
  challenge: 0x02,
  command: 0x03,
  receipt: 0x04,
  event: 0x05,
  ack: 0x06,
  'bind-request': 0x10,
  'bind-answer': 0x11,
  refusal: 0x1f,
} as const satisfies Record<Message['kind'], number>;

/** Octets of a message. @throws Maker2Error `length`, `range` */
export function encodeMessage(message: Message): Uint8Array {
  const kind = Uint8Array.of(MESSAGE_KINDS[message.kind]);
  switch (message.kind) {
    case 'hello':
      return encodeFields(HELLO, { kind, ask: message.ask });
    case 'challenge':
      return encodeFields(CHALLENGE_ANSWER, { ...message, kind, ...counts(message) });
    case 'command':
    case 'receipt':
      return encodeFields(CHALLENGED, { ...message, kind });
    case 'event':
    case 'ack':
      return encodeFields(UNCHALLENGED, { ...message, kind });
    case 'bind-request':
      return encodeFields(BIND_REQUEST, {
        ...message,
        kind,
        keyVersion: encodeUint('keyVersion', message.keyVersion, 4),
      });
    case 'bind-answer':
      return encodeFields(BIND_ANSWER, {
        ...message,
        kind,
        resetCount: encodeUint('resetCount', message.resetCount, 4),
      });
    case 'refusal':
      return encodeFields(REFUSAL, {
        kind,
        resetCount: encodeUint('resetCount', message.resetCount, 4),
        code: Uint8Array.of(REFUSALS[message.code]),
      });
  }
}

/**
 * The message in octets. Checked in order: elements well formed, kind known, exactly this kind's elements, sizes, ranges.
 * @throws Maker2Error `truncated`, `order`, `kind`, `missing`, `unknown`, `length`, `range`
 */
export function decodeMessage(octets: Uint8Array): Message {
  const first = decodeTlv(octets)[0];
  const kindOctet = first?.tag === KIND.tag && first.value.length === 1 ? first.value[0] : undefined;
  const kind = (Object.keys(MESSAGE_KINDS) as Message['kind'][]).find((name) => MESSAGE_KINDS[name] === kindOctet);
  switch (kind) {
    case 'hello':
      return { kind, ask: decodeFields(HELLO, octets).ask };
    case 'challenge': {
      const { ask, challenge, keyVersion, resetCount } = decodeFields(CHALLENGE_ANSWER, octets);
      return { kind, ask, challenge, keyVersion: decodeUint(keyVersion), resetCount: decodeUint(resetCount) };
    }
    case 'command':
    case 'receipt': {
      const { challenge, nonce, sealed } = decodeFields(CHALLENGED, octets);
      return { kind, challenge, nonce, sealed };
    }
    case 'event':
    case 'ack': {
      const { nonce, sealed } = decodeFields(UNCHALLENGED, octets);
      return { kind, nonce, sealed };
    }
    case 'bind-request': {
      const { random, publicKey, keyVersion, mac } = decodeFields(BIND_REQUEST, octets);
      return { kind, random, publicKey, keyVersion: decodeUint(keyVersion), mac };
    }
    case 'bind-answer': {
      const { random, publicKey, resetCount, mac } = decodeFields(BIND_ANSWER, octets);
      return { kind, random, publicKey, resetCount: decodeUint(resetCount), mac };
    }
    case 'refusal': {
      const fields = decodeFields(REFUSAL, octets);
      const code = nameOf(REFUSALS, fields.code[0], 'code');
      return { kind, resetCount: decodeUint(fields.resetCount), code };
    }
    case undefined:
      throw new Maker2Error('kind', 'kind', 'is not a kind of message');
  }
}

/** The name that `table` gives to `value`. @throws Maker2Error `range` */
export function nameOf<Name extends string>(
  table: Readonly<Record<Name, number>>,
  value: number | undefined,
  field: string,
): Name {
  const name = (Object.keys(table) as Name[]).find((key) => table[key] === value);
  if (name === undefined) throw new Maker2Error('range', field, `${value} has no meaning`);
  return name;
}

function counts(message: { readonly keyVersion: number; readonly resetCount: number }): {
  keyVersion: Uint8Array;
  resetCount: Uint8Array;
} {
  return {
    keyVersion: encodeUint('keyVersion', message.keyVersion, 4),
    resetCount: encodeUint('resetCount', message.resetCount, 4),
  };
}
