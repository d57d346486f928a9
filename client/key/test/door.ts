import {
  generateP256,
  nodeKeyAgreement,
  nodePrimitives,
  seededRandom,
  settle,
  signP256,
  verifyP256,
} from '@cardea/kit-node';
import { concat, equal, fromHex } from '@cardea/kit-octets';
import type { PeripheralLink, Radio } from '@cardea/kit-radio';
import { type Clock, createVirtualClock, Secret } from '@cardea/kit-runtime';
import { createMedium } from '@cardea/twin-radio';
import {
  ACCESS_MESSAGE,
  decodeHello,
  decodePresentation,
  encodeKeyAnswer,
  encodeProof,
  presentationSigned,
  proofTag,
  receiptKeys,
} from '@cardea/wire-access';
import {
  CHANNEL,
  encodeAnswer,
  encodeBound,
  frameKeys,
  KEY_RECEIPT_ID,
  LINK_CHARACTERISTIC,
  LOCK_SERVICE,
  lockLink,
  type ResultCode,
  sealFrame,
} from '@cardea/wire-lock';
import { type DoorKey, openPhone, type PhoneKey, type PhoneStore, radioWay } from '../src/index.ts';

const random = seededRandom('client key');
const IDENTIFIER = 'C0DEA0000101';
const KG = random.octets(32);
const KADV = random.octets(16);
export const CARRIED: Uint8Array = random.octets(36);
export const ORDER: Uint8Array = concat(Uint8Array.of(ACCESS_MESSAGE.order), random.octets(40));

/** How the lock in {@link scene} behaves: honestly, unless told otherwise. */
export interface Behaviour {
  result?: ResultCode;
  /** Which of its messages never come, or end the link instead. */
  silent?: 'proof' | 'answer';
  hangsUpAt?: 'presentation';
  /** It answers with a refusal instead of the receipt. */
  refuses?: boolean;
  /** It does not have the key of this lock. */
  impostor?: boolean;
  /** It changes one bit of its receipt. */
  alters?: boolean;
  /** It serves another central for so long. */
  busyMs?: number;
}

/** What else differs in {@link scene}. */
export interface SceneOptions {
  mtu?: number;
  order?: Uint8Array;
  /** The phone's radio, made from one of the medium; that one itself unless told. */
  radioOver?: (radio: Radio, clock: Clock) => Radio;
}

/** A phone at a door whose lock is played by the test: what it is told, and how often it was asked to open. */
export async function scene(behaviour: Behaviour = {}, more: SceneOptions = {}) {
  const clock = createVirtualClock(Date.UTC(2026, 0, 5, 12), settle);
  const medium = createMedium({ clock, random: seededRandom('air') });
  const pair = generateP256();
  const phoneKey: PhoneKey = {
    publicKey: pair.publicKey,
    sign: async (message) => signP256(pair.privateKey, message),
  };
  const seen = { hellos: 0, presentations: 0, orders: 0, good: 0 };
  const lockId = fromHex(IDENTIFIER.toLowerCase());

  const codecs = new Map<number, ReturnType<typeof lockLink>>();
  const said = new Map<number, { hello: Uint8Array; proof: Uint8Array; own: ReturnType<typeof generateP256> }>();
  const reply = (link: PeripheralLink, octets: Uint8Array): void => {
    for (const { characteristic, value } of codecs.get(link.id)!.encode(CHANNEL.mobileKey, octets)) {
      link.notify(characteristic, value);
    }
  };
  const greeted = (link: PeripheralLink, octets: Uint8Array): void => {
    seen.hellos++;
    if (behaviour.silent === 'proof') return;
    const hello = decodeHello(octets);
    const own = generateP256();
    const fresh = { nonceL: random.octets(16), epkL: own.publicKey };
    const kg = behaviour.impostor === true ? random.octets(32) : KG;
    const proof = encodeProof({ ...fresh, tag: proofTag(nodePrimitives, kg, lockId, hello, fresh) });
    said.set(link.id, { hello: octets, proof, own });
    reply(link, proof);
  };
  const presented = async (link: PeripheralLink, octets: Uint8Array): Promise<void> => {
    seen.presentations++;
    const { hello, proof, own } = said.get(link.id)!;
    const { operation, epkP, signature, grant } = decodePresentation(octets);
    const signed = presentationSigned(nodePrimitives, {
      lockId,
      grant,
      nonceP: decodeHello(hello).nonceP,
      nonceL: proof.slice(1, 17),
      epkL: own.publicKey,
      epkP,
      operation,
    });
    if (verifyP256(pair.publicKey, signed, signature)) seen.good++;
    if (behaviour.hangsUpAt === 'presentation') return link.disconnect();
    if (behaviour.silent === 'answer') return;
    if (behaviour.refuses === true) return reply(link, concat(Uint8Array.of(0x1f), new Uint8Array(9)));
    const z = (await nodeKeyAgreement.agree(own.privateKey, epkP))!;
    const keys = receiptKeys(nodePrimitives, KG, z, [hello, proof, octets]);
    const frame = sealFrame(
      frameKeys(nodePrimitives, 'receipt', keys),
      1,
      encodeAnswer({
        kind: 'receipt',
        id: KEY_RECEIPT_ID,
        result: behaviour.result ?? 'done',
        bits: { boltOut: false, jammed: false, doorOpen: false, tamper: false, privacy: false },
        batteryPercent: 80,
        eventSequence: 7,
        clock: 'valid',
        detail: 0,
        lockTimeS: 1_767_614_400,
      }),
    );
    if (behaviour.alters === true) frame[20]! ^= 1;
    reply(link, encodeKeyAnswer({ frame, carried: CARRIED }));
  };
  const peripheral = medium.radioFor('lock').serve(
    { uuid: LOCK_SERVICE, characteristics: [{ uuid: LINK_CHARACTERISTIC, write: true, notify: true }] },
    {
      connected: (link) => void codecs.set(link.id, lockLink(link.mtu)),
      written(link, characteristic, value) {
        const decoded = codecs.get(link.id)!.decode(characteristic, value, clock.monotonic());
        if (decoded.kind !== 'message' || decoded.channel !== CHANNEL.mobileKey) return;
        if (decoded.octets[0] === ACCESS_MESSAGE.hello) greeted(link, decoded.octets);
        else if (decoded.octets[0] === ACCESS_MESSAGE.presentation) void presented(link, decoded.octets);
        else if (equal(decoded.octets, ORDER)) seen.orders++;
      },
      disconnected: (link) => void codecs.delete(link.id),
    },
    { name: IDENTIFIER, bluetooth: more.mtu === 23 ? '4.2' : '5.0', mtu: more.mtu ?? 247 },
  );
  const status = { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false };
  peripheral.advertise({
    address: IDENTIFIER,
    data: encodeBound(nodePrimitives, { advertisement: KADV, beacon: random.octets(16) }, random.octets(6), {
      sequence: 1,
      bits: status,
      eventsWait: false,
      batteryPercent: 80,
    }),
  });
  if (behaviour.busyMs !== undefined) {
    const other = medium.radioFor('gateway');
    const held = other.connect(IDENTIFIER, { timeoutMs: 5_000 });
    clock.after(behaviour.busyMs, () => void held.then((link) => link.disconnect()));
  }

  const kept: { text: string | undefined } = { text: undefined };
  const store: PhoneStore = {
    load: async () => kept.text,
    save: async (text) => {
      kept.text = text;
    },
  };
  const phone = await openPhone({
    key: phoneKey,
    hands: { primitives: nodePrimitives, random, generate: nodeKeyAgreement.generate, agree: nodeKeyAgreement.agree },
    way: radioWay({
      radio: more.radioOver?.(medium.radioFor('phone'), clock) ?? medium.radioFor('phone'),
      clock,
      primitives: nodePrimitives,
    }),
    clock,
    store,
  });
  const nowS = clock.now() / 1_000;
  const key: DoorKey = {
    doorId: 'door_1',
    doorName: '101',
    identifier: IDENTIFIER,
    grantId: 'grant_1',
    airGrantId: random.octets(16),
    grant: random.octets(133),
    presentationKey: new Secret(KG),
    advertisementKey: new Secret(KADV),
    operations: ['unlock'],
    issuedAtS: nowS,
    notBeforeS: nowS - 60,
    notAfterS: nowS + 86_400,
    leaseEndS: nowS + 3_600,
    order: more.order,
  };
  await phone.replaceKeys([key]);
  /** Lets virtual time pass until the promise is over. */
  const done = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
    const end = () => {
      over = true;
    };
    promise.then(end, end);
    await clock.runUntil(() => over, 120_000);
    return promise;
  };
  return { clock, medium, phone, seen, kept, key, done, identifier: IDENTIFIER };
}
