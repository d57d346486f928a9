import { nodePrimitives as primitives, seededDh, seededRandom } from '@cardea/kit-node';
import { equal, fromHex } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import { encodeDeviceRecord } from '../src/device/record.ts';
import {
  createDevice,
  createDomain,
  type DeviceIdentity,
  type DeviceInput,
  type DeviceState,
  encodeDomain,
  isJoined,
  type KsnInput,
  type KsnState,
  openKsn,
  type ScpmEffect,
  type ScpmProfile,
  type Services,
  sealFrame,
  stepDevice,
  stepKsn,
  suiteOf,
} from '../src/index.ts';
import { encodeDeviceEntry } from '../src/ksn/record.ts';
import { type HeldKey, lineName, sameLine } from '../src/node/keys.ts';
import { type NodeState, SNF_RESERVE } from '../src/node/state.ts';

export type End = 'ksn' | 'device';

/** A frame that was sent and has not arrived. */
export interface InFlight {
  readonly to: End;
  readonly octets: Uint8Array;
}

const SERIAL_KEY = new Secret(new Uint8Array(16).fill(0x51));
const KSN = fromHex('020000000001');
const DEVICE = fromHex('020000000002');
/** Longer than the first pause after a go that came to nothing. */
const QUIET_S = 7;
const STRANGER = fromHex('020000000099');
const START_UNIX_MS = Date.UTC(2026, 0, 5);

/**
 * A KSN and one device between which somebody else decides which frame arrives when, whether once, changed or never.
 * Randomness and agreements are there at once. `copy` is cheap: states are values.
 */
export class Duo {
  readonly profile: ScpmProfile;
  readonly identity: DeviceIdentity;
  ksn: KsnState;
  device: DeviceState;
  nowMs = 0;
  readonly inFlight: InFlight[] = [];
  readonly delivered: { readonly at: End; readonly octets: Uint8Array }[] = [];
  /** What both ends have on record. */
  readonly records = new Map<string, Uint8Array>();
  #random: Random = seededRandom('duo');
  #dh = seededDh(this.#random);

  constructor(profile: ScpmProfile, preferred: 1 | 2 = 1, group = 2, from?: Duo) {
    this.profile = profile;
    const settings = { profile, addressSize: 6, ivLayout: 'repeat' } as const;
    const userKey = new Secret(new Uint8Array(16).fill(0x75));
    this.identity = {
      settings,
      address: DEVICE,
      serialKey: SERIAL_KEY,
      algorithms: profile === 'standard' ? [1] : [1, 2],
    };
    this.ksn = createDomain({ settings, address: KSN, preferred, group, userKey });
    this.device = createDevice(this.identity, undefined);
    if (from !== undefined) {
      this.ksn = from.ksn;
      this.device = from.device;
      this.nowMs = from.nowMs;
      this.inFlight.push(...from.inFlight);
      for (const [name, octets] of from.records) this.records.set(name, octets);
      return;
    }
    this.records.set('ksn domain', encodeDomain(this.ksn));
    this.start('ksn');
    this.start('device');
  }

  /** The same situation, going on by itself. */
  copy(): Duo {
    return new Duo(this.profile, 1, 2, this);
  }

  tellKsn(input: KsnInput): void {
    const step = stepKsn(this.#context(), this.ksn, input);
    this.ksn = step.state;
    for (const effect of step.effects) this.#perform('ksn', effect);
  }

  tellDevice(input: DeviceInput): void {
    const step = stepDevice(this.#context(), this.device, input);
    this.device = step.state;
    for (const effect of step.effects) this.#perform('device', effect);
  }

  /** A frame arrives. */
  hand(to: End, octets: Uint8Array): void {
    if (to === 'ksn') this.tellKsn({ kind: 'frame', octets });
    else this.tellDevice({ kind: 'frame', octets });
  }

  pass(durationMs: number): void {
    this.nowMs += durationMs;
    this.tellKsn({ kind: 'wake' });
    this.tellDevice({ kind: 'wake' });
  }

  /** All frames arrive in their order, and time passes, until nothing more is sent for {@link QUIET_S}. */
  settle(rounds = 40): void {
    for (let i = 0, quiet = 0; i < rounds && quiet < QUIET_S; i++) {
      quiet = this.inFlight.length === 0 ? quiet + 1 : 0;
      for (let frame = this.inFlight.shift(); frame !== undefined; frame = this.inFlight.shift()) {
        this.hand(frame.to, frame.octets);
      }
      this.pass(1_000);
    }
  }

  /** Nearly all SNFs of the user key are used up, both ways. */
  useUp(): void {
    const used = <Of extends { readonly peers: NodeState['peers'] }>(of: Of): Of => ({
      ...of,
      peers: of.peers.map((peer) => ({
        ...peer,
        lines: peer.lines.map((line) =>
          line.keyIndex === 1 ? { ...line, next: SNF_RESERVE, expected: SNF_RESERVE } : line,
        ),
      })),
    });
    this.ksn = used(this.ksn);
    this.device = used(this.device);
  }

  /** Gives the device a key for confidentiality only (index 9), as no message of SCPM does. */
  giveConfidential(): void {
    const key = { keyIndex: 9, version: 1, algorithm: 1, key: new Secret(new Uint8Array(16).fill(0x63)) } as const;
    const given: HeldKey = { ...key, state: 'active', use: 'confidential', isOfThisRun: true };
    this.device = {
      ...this.device,
      keys: [...this.device.keys, given],
      floors: [...this.device.floors, { keyIndex: 9, version: 1 }],
    };
  }

  join(): void {
    this.tellDevice({ kind: 'setting-mode' });
    this.tellKsn({ kind: 'join', device: DEVICE, serialKey: SERIAL_KEY });
  }

  freshKey(): Secret {
    return new Secret(this.#random.octets(16));
  }

  get isJoined(): boolean {
    return isJoined(this.ksn, DEVICE);
  }

  get deviceAddress(): Uint8Array {
    return DEVICE;
  }

  /** The power of an end goes and comes back: what it knows is what is on record. */
  start(end: End): void {
    const of = (name: string) => this.records.get(`${end} ${name}`);
    if (end === 'ksn') {
      const others = [...this.records].filter(([name]) => name.startsWith('ksn device')).map(([, octets]) => octets);
      this.ksn = openKsn(of('domain') ?? new Uint8Array(0), others);
      this.tellKsn({ kind: 'powered-on' });
    } else {
      this.device = createDevice(this.identity, of('device'));
      this.tellDevice({ kind: 'powered-on', random: this.#random.octets(4) });
    }
  }

  /** The keys that an end holds with the other. */
  keysAt(end: End): readonly HeldKey[] {
    const { keys, peers } = end === 'ksn' ? this.ksn : this.device;
    const other = end === 'ksn' ? DEVICE : KSN;
    return [...keys, ...peers.filter(({ address }) => equal(address, other)).flatMap((peer) => peer.keys)];
  }

  /** A request under a key of its receiver, with the SNF that it expects; from the other end, or from a stranger. */
  sealTo(end: End, key: HeldKey, services: Services, padata: Uint8Array, isStranger = false): Uint8Array {
    const { peers, firstSnf } = end === 'ksn' ? this.ksn : this.device;
    const [other, da] = end === 'ksn' ? [DEVICE, KSN] : [KSN, DEVICE];
    const sa = isStranger ? STRANGER : other;
    const line = peers.find(({ address }) => equal(address, sa))?.lines.find((each) => sameLine(each, lineName(key)));
    const dh = key.state === 'shared';
    const head = { sa, da, keyIndex: key.keyIndex, dh, services, response: false, snf: line?.expected ?? firstSnf };
    const { profile } = this;
    const suite = suiteOf(primitives, { profile, algorithm: key.algorithm, key: key.key.reveal() }, head);
    return sealFrame(suite, head, padata);
  }

  #perform(end: End, effect: ScpmEffect): void {
    const input = (answer: KsnInput & DeviceInput): void =>
      end === 'ksn' ? this.tellKsn(answer) : this.tellDevice(answer);
    switch (effect.kind) {
      case 'transmit':
        this.inFlight.push({ to: end === 'ksn' ? 'device' : 'ksn', octets: effect.octets });
        return;
      case 'persist':
        if (effect.octets === undefined) this.records.delete(`${end} ${effect.name}`);
        else this.records.set(`${end} ${effect.name}`, effect.octets);
        return;
      case 'make-random':
        input({ kind: 'random', id: effect.id, octets: this.#random.octets(effect.sizeOctets) });
        return;
      case 'make-dh':
        input({ kind: 'dh-made', id: effect.id, pair: this.#dh.generate(effect.group) });
        return;
      case 'agree-dh':
        input({ kind: 'dh-agreed', id: effect.id, z: this.#dh.agree(effect.privateKey, effect.peer) });
        return;
      case 'deliver':
        this.delivered.push({ at: end, octets: effect.octets });
        return;
      default:
        return;
    }
  }

  #context() {
    return { primitives, now: { unixMs: START_UNIX_MS + this.nowMs, monotonicMs: this.nowMs } };
  }
}

/** A device's record, read and written again. @throws ScpmError */
export function rewriteDevice(record: Uint8Array): Uint8Array {
  return encodeDeviceRecord(createDevice(new Duo('hardened').identity, record));
}

/** A KSN's record of its domain, read and written again. @throws ScpmError */
export function rewriteDomain(record: Uint8Array): Uint8Array {
  return encodeDomain(openKsn(record, []));
}

/** A KSN's record of a device, read and written again. @throws ScpmError */
export function rewriteEntry(record: Uint8Array): Uint8Array {
  const { entries, peers } = openKsn(encodeDomain(new Duo('hardened').ksn), [record]);
  const [entry] = entries;
  return entry === undefined ? new Uint8Array(0) : encodeDeviceEntry(entry, peers[0]?.lines ?? []);
}
