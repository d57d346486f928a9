import { nodePrimitives } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import {
  type BindingKeys,
  beaconState,
  bindingKeys,
  boundToCommand,
  decodeAckBody,
  decodeAdvertisement,
  decodeCommandBody,
  decodeEventBody,
  decodeMessage,
  decodeReceiptBody,
  isAdvertisedBy,
  MAX_MESSAGE_OCTETS,
  type Message,
  open,
  openBeaconState,
} from '@cardea/wire-maker2';
import { type DecodedField, describe, type Meanings } from './describe.ts';
import type { DecodeKeys } from './keys.ts';

/** What the fields mean; docs/maker2.md says more. */
const MEANINGS: Meanings = {
  kind: 'kind of the message',
  ask: 'names the request, so that a duplicate gets the same answer',
  challenge: 'issued by the lock; the next command must carry it',
  nonce: 'of AES-CCM, never twice under one key',
  sealed: 'AES-CCM ciphertext and tag; opened only with --keys',
  random: 'fresh randomness of the sender',
  publicKey: 'ephemeral P-256 key, uncompressed',
  mac: 'AES-CMAC (request) or HMAC-SHA-256 (answer) over the message, by keys that follow from the factory key',
  keyVersion: 'counts the binding runs of this lock',
  resetCount: 'counts the resets of this lock; it never goes down',
  code: 'why the lock will not; not authenticated, a hint and nothing more',
  salt: 'random, new every 15 minutes',
  hash: 'by which a gateway that holds the advertisement key recognises the lock',
  recognised: 'whether the hash fits the advertisement key given',
  count: "grows with each change of the lock's state",
  windowOpen: 'whether the lock may be bound now',
  authentic: 'whether the tag fits the keys given',
  operation: 'what the lock is to do',
  class: 'who may ask for it: operate, manage, own',
  timeToLiveMs: 'milliseconds after the challenge in which the lock may act',
  result: 'how the command ended',
  bolt: 'where the bolt is',
  door: 'what the door sensor says',
  batteryPercent: 'percent',
  tamper: 'whether the case is open',
  privacy: 'whether the privacy switch is on',
  clock: 'these locks have none',
  eventSequence: "newest event in the lock's ring",
  sequence: "the lock's own number of an event, without gaps",
  'opened.code': 'what happened',
  actor: 'who did it, by number; 0 is nobody',
  detail: 'more about it, by the kind of event',
  'opened.sequence': 'of an event: its own number; of an ack: the highest that is durable',
};

type Sealed = Extract<Message, { readonly sealed: Uint8Array }>;

/** A message of the second maker's protocol; its sealed part is opened when keys are given. @throws Maker2Error, CliError */
export function decodeMaker2(octets: Uint8Array, keys: DecodeKeys | undefined): DecodedField[] {
  const message = decodeMessage(octets);
  return describe(
    { ...message, ...(keys !== undefined && 'sealed' in message ? opened(message, keys) : {}) },
    MEANINGS,
  );
}

/** What the second maker's locks advertise; the state is opened with the beacon key. @throws Maker2Error, CliError */
export function decodeMaker2Advertisement(octets: Uint8Array, keys: DecodeKeys | undefined): DecodedField[] {
  const advertisement = decodeAdvertisement(octets);
  if (keys === undefined || advertisement.kind !== 'bound') return describe(advertisement, MEANINGS);
  const recognised = isAdvertisedBy(nodePrimitives, keyFor('advertisement', keys).reveal(), advertisement);
  const state = openBeaconState(nodePrimitives, keyFor('beacon', keys).reveal(), beaconState(advertisement));
  return describe({ ...advertisement, recognised, authentic: state !== undefined, opened: state }, MEANINGS);
}

function opened(message: Sealed, keys: DecodeKeys): object {
  const lockId = keys.required('identifier', 6, 6, `a ${message.kind} is sealed to its lock: add its 12 hex digits`);
  const context = { kind: message.kind, lockId, bound: boundTo(message, keys) };
  const body = open(nodePrimitives, keyFor(message.kind, keys), message, context);
  return { authentic: body !== undefined, opened: body === undefined ? undefined : decodeBody(message.kind, body) };
}

/** What the seal covers besides the lock (docs/maker2.md, "Keys"). */
function boundTo(message: Sealed, keys: DecodeKeys): Uint8Array {
  switch (message.kind) {
    case 'command':
      return message.challenge;
    case 'receipt': {
      const why = 'a receipt is sealed to the command that it answers: add that message in hex';
      const command = keys.required('command_message', 1, MAX_MESSAGE_OCTETS, why);
      return boundToCommand(nodePrimitives, message.challenge, command);
    }
    case 'event':
    case 'ack':
      return new Uint8Array(0);
  }
}

function decodeBody(kind: Sealed['kind'], body: Uint8Array): object {
  switch (kind) {
    case 'command':
      return decodeCommandBody(body);
    case 'receipt':
      return decodeReceiptBody(body);
    case 'event':
      return decodeEventBody(body);
    case 'ack':
      return { sequence: decodeAckBody(body) };
  }
}

/** The key of one purpose: as it stands in the file, or as it follows from the binding key there. */
function keyFor(purpose: keyof BindingKeys, keys: DecodeKeys): Secret {
  const own = keys.key(purpose, 16);
  if (own !== undefined) return new Secret(own);
  const binding = keys.key('binding_key', 16);
  if (binding !== undefined) return bindingKeys(nodePrimitives, new Secret(binding))[purpose];
  return new Secret(keys.required(purpose, 16, 16, 'add it, or binding_key, as 32 hex digits'));
}
