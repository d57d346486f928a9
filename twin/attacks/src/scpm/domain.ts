import type { Primitives } from '@cardea/kit-crypto';
import { nodePrimitives, seededDh, seededRandom } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import {
  createDevice,
  createDomain,
  type DeviceIdentity,
  type DeviceInput,
  type DeviceState,
  type DomainSettings,
  encodeDomain,
  isJoined,
  type KsnInput,
  type KsnState,
  type NodeState,
  openKsn,
  type ScpmContext,
  type ScpmEffect,
  type ScpmProfile,
  stepDevice,
  stepKsn,
} from '@cardea/wire-scpm';
import { Schedule } from './schedule.ts';

/** An end of a hop: the key setting node, or one of its devices. */
export type End = 'ksn' | 'lock' | 'other';

/** How badly the medium and the power behave; shares of 1. */
export interface Weather {
  readonly loss: number;
  readonly duplicates: number;
  /** Frames take up to so long, each its own time: they overtake one another. */
  readonly delayMs: number;
  /** Power cuts for each effect that is done, at either end. */
  readonly cuts: number;
}

export const CALM: Weather = { loss: 0, duplicates: 0, delayMs: 5, cuts: 0 };
export const STORM: Weather = { loss: 0.15, duplicates: 0.15, delayMs: 400, cuts: 0.03 };

/** How an actor carries out the effects of one step; the product's way is as they stand. */
export type Order = (effects: readonly ScpmEffect[]) => readonly ScpmEffect[];

export interface DomainOptions {
  readonly seed: number | string;
  readonly profile?: ScpmProfile | undefined;
  /** The algorithm that the KSN takes where it can. */
  readonly preferred?: 1 | 2;
  readonly weather?: Weather;
  /** Another lock in the same domain. */
  readonly withOther?: boolean;
  /** In a weak double: the device's machine, and what its actor makes of effects and of a power cut within a write. */
  readonly stepLock?: typeof stepDevice;
  readonly order?: Order;
  readonly tear?: (written: Uint8Array) => Uint8Array;
}

/** A frame as it went onto the medium. */
export interface Heard {
  readonly from: End;
  readonly octets: Uint8Array;
}

/** What an end keeps without power. */
export type Records = ReadonlyMap<string, Uint8Array>;

interface Station {
  readonly end: End;
  readonly address: Uint8Array;
  records: Map<string, Uint8Array>;
  powered: boolean;
  /** Grows with each start: what was under way before does not reach the machine after. */
  boots: number;
  wakes: number;
  step(input: KsnInput | DeviceInput): readonly ScpmEffect[];
  start(): void;
}

const START_UNIX_MS = Date.UTC(2026, 0, 5);

/**
 * A KSN and its locks on one medium that everybody hears, in virtual time: the product's machines, with an actor that
 * carries their effects out. The same seed gives the same run.
 */
export class Domain {
  readonly random: Random;
  readonly settings: DomainSettings;
  readonly heard: Heard[] = [];
  readonly effects: { readonly at: End; readonly effect: ScpmEffect }[] = [];
  readonly locks = new Map<End, DeviceState>();
  ksn: KsnState;
  weather: Weather;
  /** How far the KSN's wall clock is off. */
  clockErrorMs = 0;
  cuts = 0;
  /** Whether the KSN's actor begins the updates that are wanted. */
  updates = true;
  /** Asked at each effect that is about to be done: true cuts the power there. */
  cutHere: ((at: End, effect: ScpmEffect) => boolean) | undefined;
  /** Sees each frame on the medium; what it answers is carried instead. */
  tamper: ((heard: Heard) => readonly Uint8Array[]) | undefined;
  /** Runs after each step of a machine. */
  watch: (() => void) | undefined;
  readonly #options: DomainOptions;
  readonly #schedule = new Schedule();
  readonly #stations = new Map<End, Station>();
  readonly #serialKeys = new Map<End, Secret>();
  readonly #dh;
  #token = 1;

  constructor(options: DomainOptions) {
    this.#options = options;
    this.random = seededRandom(`scpm ${options.seed}`);
    this.#dh = seededDh(this.random);
    this.settings = { profile: options.profile ?? 'hardened', addressSize: 6, ivLayout: 'repeat' };
    this.weather = options.weather ?? CALM;
    const address = this.#address(1);
    const { settings, random } = this;
    const userKey = new Secret(random.octets(16));
    this.ksn = createDomain({ settings, address, preferred: options.preferred ?? 1, group: 2, userKey });
    this.#addKsn(address);
    this.#addLock('lock', this.#address(2));
    if (options.withOther) this.#addLock('other', this.#address(3));
    this.#station('ksn').records.set('domain', encodeDomain(this.ksn));
    for (const station of this.#stations.values()) station.start();
  }

  get nowMs(): number {
    return this.#schedule.nowMs;
  }

  get primitives(): Primitives {
    return nodePrimitives;
  }

  lock(end: End = 'lock'): DeviceState {
    const state = this.locks.get(end);
    if (state === undefined) throw new Error(`no lock ${end}`);
    return state;
  }

  /** Puts the SNFs of the user key near their end, both ways: what a run would take years for. */
  wearOut(next: number): void {
    const worn = <State extends NodeState>(state: State): State => ({
      ...state,
      peers: state.peers.map((peer) => ({
        ...peer,
        lines: peer.lines.map((line) =>
          line.keyIndex === 1 && !line.dh ? { ...line, next, expected: next, last: undefined } : line,
        ),
      })),
    });
    this.ksn = worn(this.ksn);
    this.locks.set('lock', worn(this.lock()));
  }

  addressOf(end: End): Uint8Array {
    return this.#station(end).address;
  }

  /** Gives a machine an input, as its actor would. */
  tell(end: End, input: KsnInput | DeviceInput): void {
    this.#run(this.#station(end), input);
  }

  pass(durationMs: number, done?: () => boolean): void {
    this.#schedule.pass(durationMs, done);
  }

  /** The button at the lock, its label read by the KSN; and time for what follows. */
  join(end: End = 'lock', durationMs = 60_000): void {
    this.tell(end, { kind: 'setting-mode' });
    const serialKey = this.#serialKeys.get(end);
    if (serialKey !== undefined) this.tell('ksn', { kind: 'join', device: this.addressOf(end), serialKey });
    this.pass(durationMs, () => this.isJoined(end));
  }

  isJoined(end: End = 'lock'): boolean {
    return isJoined(this.ksn, this.addressOf(end));
  }

  freshKey(): Secret {
    return new Secret(this.random.octets(16));
  }

  /** Sends a lock message; its token comes back with `message-done`. */
  send(from: End, to: End, octets: Uint8Array, lifeMs?: number): number {
    const token = this.#token++;
    const expiresAtMs = lifeMs === undefined ? undefined : this.nowMs + lifeMs;
    this.tell(from, { kind: 'send', to: this.addressOf(to), keyIndex: 1, octets, token, expiresAtMs });
    return token;
  }

  /** Whether a message that is sent now arrives, once. */
  reaches(from: End, to: End, durationMs = 90_000): boolean {
    const octets = this.random.octets(24);
    this.send(from, to, octets);
    const arrivals = (): number => this.of(to, 'deliver').filter((each) => equal(each.octets, octets)).length;
    this.pass(durationMs, () => arrivals() > 0);
    this.pass(2_000);
    return arrivals() === 1;
  }

  /** Effects of one kind at one end. */
  of<Kind extends ScpmEffect['kind']>(end: End, kind: Kind): readonly Extract<ScpmEffect, { readonly kind: Kind }>[] {
    return this.effects
      .filter(({ at, effect }) => at === end && effect.kind === kind)
      .map(({ effect }) => effect as Extract<ScpmEffect, { readonly kind: Kind }>);
  }

  /** Puts octets onto the medium, as anybody may. */
  inject(octets: Uint8Array): void {
    this.#carry(octets);
  }

  /** The power goes, and comes back a little later: all that is left is on record. */
  cut(end: End): void {
    const station = this.#station(end);
    this.cuts++;
    station.powered = false;
    station.boots++;
    station.wakes++;
    this.#schedule.after(500, () => {
      station.powered = true;
      station.start();
      // The hand at the button: it does nothing at a lock that has its user key.
      if (end !== 'ksn') this.#run(station, { kind: 'setting-mode' });
    });
  }

  /** A copy of what an end keeps: a backup, or a cloned disk. */
  copyOf(end: End): Records {
    return new Map(this.#station(end).records);
  }

  /** The end starts from such a copy. */
  putBack(end: End, records: Records): void {
    this.#station(end).records = new Map(records);
    this.cut(end);
    this.pass(600);
  }

  #run(station: Station, input: KsnInput | DeviceInput): void {
    if (!station.powered) return;
    const { boots } = station;
    const effects = station.step(input);
    this.watch?.();
    for (const effect of this.#options.order?.(effects) ?? effects) {
      if (this.cutHere?.(station.end, effect) ?? this.#chance(this.weather.cuts)) {
        const torn = effect.kind === 'persist' && effect.octets !== undefined && this.#options.tear?.(effect.octets);
        if (torn) station.records.set(effect.name, torn);
        this.cut(station.end);
        return;
      }
      this.#perform(station, effect);
      if (station.boots !== boots) return;
    }
  }

  #perform(station: Station, effect: ScpmEffect): void {
    const { end, boots } = station;
    this.effects.push({ at: end, effect });
    const later = (input: KsnInput | DeviceInput, delayMs: number): void =>
      this.#schedule.after(delayMs, () => {
        if (station.boots === boots) this.#run(station, input);
      });
    switch (effect.kind) {
      case 'persist':
        if (effect.octets === undefined) station.records.delete(effect.name);
        else station.records.set(effect.name, effect.octets);
        return;
      case 'transmit': {
        const heard = { from: end, octets: effect.octets };
        this.heard.push(heard);
        for (const octets of this.tamper?.(heard) ?? [effect.octets]) this.#transmit(octets);
        return;
      }
      case 'make-random':
        later({ kind: 'random', id: effect.id, octets: this.random.octets(effect.sizeOctets) }, 1);
        return;
      case 'make-dh':
        later({ kind: 'dh-made', id: effect.id, pair: this.#dh.generate(effect.group) }, 20);
        return;
      case 'agree-dh':
        later({ kind: 'dh-agreed', id: effect.id, z: this.#dh.agree(effect.privateKey, effect.peer) }, 20);
        return;
      case 'update-wanted':
        if (this.updates) later({ kind: 'update-key', keyIndex: effect.keyIndex, key: this.freshKey() }, 1);
        return;
      case 'wake':
        this.#wake(station, effect.atMonotonicMs);
        return;
      default:
        return;
    }
  }

  /** The newest wake replaces all before. */
  #wake(station: Station, atMs: number): void {
    const { boots } = station;
    const wakes = ++station.wakes;
    this.#schedule.after(Math.max(0, atMs - this.nowMs), () => {
      if (station.boots === boots && station.wakes === wakes) this.#run(station, { kind: 'wake' });
    });
  }

  #transmit(octets: Uint8Array): void {
    if (this.#chance(this.weather.loss)) return;
    this.#carry(octets);
    if (this.#chance(this.weather.duplicates)) this.#carry(octets);
  }

  #carry(octets: Uint8Array): void {
    this.#schedule.after(1 + this.#fraction() * this.weather.delayMs, () => {
      for (const station of this.#stations.values()) this.#run(station, { kind: 'frame', octets });
    });
  }

  #context(errorMs = 0): ScpmContext {
    const { nowMs } = this;
    return { primitives: nodePrimitives, now: { unixMs: START_UNIX_MS + nowMs + errorMs, monotonicMs: nowMs } };
  }

  #addKsn(address: Uint8Array): void {
    const station = this.#add('ksn', address);
    station.step = (input) => {
      const step = stepKsn(this.#context(this.clockErrorMs), this.ksn, input as KsnInput);
      this.ksn = step.state;
      return step.effects;
    };
    station.start = () => {
      const domain = station.records.get('domain');
      const devices = [...station.records].filter(([name]) => name !== 'domain').map(([, octets]) => octets);
      if (domain !== undefined) this.ksn = openKsn(domain, devices);
      this.#run(station, { kind: 'powered-on' });
    };
  }

  #addLock(end: End, address: Uint8Array): void {
    const serialKey = this.freshKey();
    this.#serialKeys.set(end, serialKey);
    const algorithms = this.settings.profile === 'standard' ? ([1] as const) : ([1, 2] as const);
    const identity: DeviceIdentity = { settings: this.settings, address, serialKey, algorithms };
    const machine = this.#options.stepLock ?? stepDevice;
    this.locks.set(end, createDevice(identity, undefined));
    const station = this.#add(end, address);
    station.step = (input) => {
      const step = machine(this.#context(), this.lock(end), input as DeviceInput);
      this.locks.set(end, step.state);
      return step.effects;
    };
    station.start = () => {
      this.locks.set(end, createDevice(identity, station.records.get('device')));
      this.#run(station, { kind: 'powered-on', random: this.random.octets(4) });
    };
  }

  #add(end: End, address: Uint8Array): Station {
    const station: Station = {
      ...{ end, address, records: new Map<string, Uint8Array>(), powered: true, boots: 0, wakes: 0 },
      step: () => [],
      start: () => {},
    };
    this.#stations.set(end, station);
    return station;
  }

  #station(end: End): Station {
    const station = this.#stations.get(end);
    if (station === undefined) throw new Error(`no end ${end}`);
    return station;
  }

  #address(last: number): Uint8Array {
    return Uint8Array.of(0x02, 0, 0, 0, 0, last);
  }

  #chance(share: number): boolean {
    return share > 0 && this.#fraction() < share;
  }

  #fraction(): number {
    return new DataView(this.random.octets(4).buffer).getUint32(0) / 2 ** 32;
  }
}
