import { nodePrimitives as primitives } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import {
  beaconState,
  decodeAckBody,
  decodeAdvertisement,
  decodeCommandBody,
  decodeEventBody,
  decodeMaker2Durable,
  decodeMessage,
  decodeReceiptBody,
  encodeAckBody,
  encodeAdvertisement,
  encodeCommandBody,
  encodeEventBody,
  encodeMaker2Durable,
  encodeMessage,
  encodeReceiptBody,
  isAdvertisedBy,
  lockIdOf,
  MAKER2_CHANNEL,
  MAKER2_INBOX,
  MAKER2_OUTBOX,
  Maker2Error,
  maker2Controller,
  maker2DeviceLink,
  maker2Driver,
  open,
  openBeaconState,
  seal,
  splitMessage,
} from '@cardea/wire-maker2';
import { IDENTITY, Pair } from '../../../../wire/maker2/test/pair.ts';
import { SAMPLE_OCTETS } from '../../../../wire/maker2/test/samples.ts';
import { foreseen, must, octetsOf, type Target } from '../target.ts';
import { pieces } from './lock.ts';

const source = (...files: readonly string[]): readonly string[] => files.map((file) => `wire/maker2/src/${file}`);
const fill = (sizeOctets: number, first = 1): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => first + i);

function checked<T>(
  what: string,
  input: Uint8Array,
  decode: (octets: Uint8Array) => T,
  encode: (value: T) => Uint8Array,
): void {
  const value = foreseen(Maker2Error, () => decode(input));
  if (value !== undefined) must(toHex(encode(value)) === toHex(input), `${what} comes back`);
}

/** Messages, the bodies that they seal, and the elements of both. */
export async function maker2MessagesTarget(): Promise<Target> {
  const attributes = {
    bolt: 'locked',
    door: 'open',
    batteryPercent: 80,
    tamper: true,
    privacy: false,
    clock: 'unset',
  } as const;
  return {
    name: 'maker2-messages',
    covers: source('message', 'body', 'tlv', 'little-endian', 'errors'),
    seeds: [
      ...SAMPLE_OCTETS,
      encodeCommandBody({ operation: 'unlock', class: 'operate', timeToLiveMs: 10_000 }),
      encodeReceiptBody({ result: 'done', attributes, eventSequence: 9 }),
      encodeEventBody({ sequence: 9, code: 'unlocked', actor: 3, detail: 0 }),
      encodeAckBody(9),
    ],
    maxOctets: 200,
    run(input) {
      checked('a message', input, decodeMessage, encodeMessage);
      checked('a command', input, decodeCommandBody, encodeCommandBody);
      checked('a receipt', input, decodeReceiptBody, encodeReceiptBody);
      checked('an event', input, decodeEventBody, encodeEventBody);
      checked('an acknowledgement', input, decodeAckBody, encodeAckBody);
    },
  };
}

/** Advertisements and beacons. */
export async function maker2AdvertisementTarget(): Promise<Target> {
  const key = fill(16);
  const pair = new Pair().bind();
  const data = pair.advertised?.data ?? new Uint8Array(0);
  const known = [{ identifier: IDENTITY.identifier, maker: 'maker2', advertisementKey: pair.advertisementKey ?? key }];
  const driver = maker2Driver(primitives);
  return {
    name: 'maker2-advertisement',
    covers: source('advertisement', 'driver'),
    seeds: [data, new Pair().advertised?.data ?? new Uint8Array(0)],
    maxOctets: 40,
    run(input) {
      checked('an advertisement', input, decodeAdvertisement, encodeAdvertisement);
      const found = foreseen(Maker2Error, () => decodeAdvertisement(input));
      if (found?.kind === 'bound') {
        isAdvertisedBy(primitives, key, found);
        openBeaconState(primitives, key, beaconState(found));
      }
      openBeaconState(primitives, key, input);
      driver.recognise(input, known);
    },
  };
}

/** Chunks of messages: each is a length, then as many octets, of which the first says on which characteristic and when. */
export async function maker2LinkTarget(): Promise<Target> {
  const chunks = (sizeOctets: number, mtu: number): Uint8Array =>
    Uint8Array.from(splitMessage(fill(sizeOctets), mtu).flatMap((chunk) => [chunk.length + 1, 0, ...chunk]));
  return {
    name: 'maker2-link',
    covers: source('link'),
    seeds: [chunks(60, 23), chunks(200, 23), chunks(10, 247)],
    maxOctets: 1024,
    run(input) {
      for (const link of [maker2DeviceLink(23), maker2Driver(primitives).link(185)]) {
        for (const [at, piece] of pieces(input).entries()) {
          const [first = 0] = piece;
          const characteristic = [MAKER2_INBOX, MAKER2_OUTBOX, 'other'][first % 3] ?? '';
          const joined = link.decode(characteristic, piece.subarray(1), first > 250 ? 100_000 * at : at);
          if (joined.kind !== 'message') continue;
          must(foreseen(Maker2Error, () => link.encode(MAKER2_CHANNEL, joined.octets)) !== undefined, 'can be sent');
        }
      }
    },
  };
}

/** A lock's flash. */
export async function maker2FlashTarget(): Promise<Target> {
  return {
    name: 'maker2-flash',
    covers: source('device-durable'),
    seeds: [encodeMaker2Durable(new Pair().durable), encodeMaker2Durable(new Pair().bind().durable)],
    maxOctets: 300,
    run: (input) => checked('a flash image', input, decodeMaker2Durable, encodeMaker2Durable),
  };
}

const SEALED = 0x80;

/**
 * Messages to a lock, fresh or bound, and to its controller. A piece: its low bits say to whom (the first piece's alone
 * in which state), the highest that the rest is a body to be sealed as a command under the lock's own key.
 */
export async function maker2MachinesTarget(): Promise<Target> {
  const fresh = new Pair();
  const bound = new Pair().bind();
  const asked = new Pair().bind();
  asked.operate('unlock');
  const snapshots = [fresh, bound, asked].map(({ device, durable, controller, record }) => ({
    device,
    durable,
    controller,
    record,
  }));
  const genuine = asked.run().heard;
  const key = bound.durable.record.active ?? bound.durable.record.pending;
  const lockId = lockIdOf(IDENTITY.identifier);
  const piece = (first: number, octets: Uint8Array): readonly number[] => [octets.length + 1, first, ...octets];
  const hello = encodeMessage({ kind: 'hello', ask: fill(4) });
  const body = encodeCommandBody({ operation: 'unlock', class: 'operate', timeToLiveMs: 10_000 });
  const genuineToRas = new Set(
    genuine.filter(({ direction }) => direction === 'to-ras').map(({ octets }) => toHex(octets)),
  );
  return {
    name: 'maker2-machines',
    covers: source('device', 'controller', 'binding-run', 'seal', 'keys'),
    seeds: [
      Uint8Array.from([...piece(1, hello), ...piece(1 | SEALED, body)]),
      ...genuine.map(({ direction, octets }) => Uint8Array.from(piece(direction === 'to-lock' ? 1 : 6, octets))),
      ...genuine.map(({ direction, octets }) => Uint8Array.from(piece(direction === 'to-lock' ? 0 : 4, octets))),
      Uint8Array.from(piece(6, octetsOf('x'))),
    ],
    maxOctets: 600,
    run(input) {
      const all = pieces(input);
      const at = ((all[0]?.[0] ?? 0) & 3) % snapshots.length;
      const snapshot = snapshots[at];
      if (snapshot === undefined) return;
      const pair = Object.assign(new Pair(), snapshot);
      let challenge: Uint8Array = new Uint8Array(8);
      for (const one of all.slice(0, 6)) {
        const [first = 0] = one;
        const octets = one.subarray(1);
        if ((first & 4) !== 0) {
          const step = maker2Controller.step({ primitives, now: pair.now }, pair.controller, {
            kind: 'message',
            channel: MAKER2_CHANNEL,
            octets,
          });
          pair.controller = step.state;
          const succeeded = step.effects.some(
            (effect) => effect.kind === 'outcome' && effect.outcome.kind === 'succeeded',
          );
          must(!succeeded || genuineToRas.has(toHex(octets)), 'an attempt succeeds by the receipt of the lock alone');
          continue;
        }
        const isSealed = (first & SEALED) !== 0 && octets.length > 0 && octets.length <= 56;
        const moves = pair.moves;
        if (isSealed && key !== undefined) {
          const nonce = fill(12);
          const sealed = seal(primitives, key, nonce, octets, { kind: 'command', lockId, bound: challenge });
          pair.hand(encodeMessage({ kind: 'command', challenge, nonce, sealed }));
        } else {
          pair.hand(octets);
        }
        must(pair.moves === moves || isSealed, 'a bolt moves for sealed commands alone');
        for (const sent of pair.toRas.splice(0)) {
          const message = decodeMessage(sent);
          if (message.kind === 'challenge') challenge = message.challenge;
          if (message.kind === 'receipt' && key !== undefined) {
            open(primitives, key, message, { kind: 'receipt', lockId, bound: challenge });
          }
        }
        if ((first & 8) !== 0) pair.lock({ kind: 'button' });
        if ((first & 16) !== 0) pair.pass(11_000);
      }
    },
  };
}
