import type { DhGroupName, DhPair } from '@cardea/kit-crypto';
import { nodePrimitives, seededDh, seededRandom } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import {
  createDevice,
  createDomain,
  type DeviceIdentity,
  type DeviceInput,
  type DeviceState,
  type DomainSettings,
  encodeDomain,
  type KsnInput,
  type KsnState,
  openKsn,
  type ScpmContext,
  type ScpmEffect,
  stepDevice,
  stepKsn,
} from '../src/index.ts';

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

export interface WorldOptions {
  readonly seed: number;
  readonly settings?: Partial<DomainSettings>;
  readonly weather?: Weather;
  readonly group?: number;
  readonly preferred?: 1 | 2;
  readonly devices?: number;
}

type Name = 'ksn' | `device-${number}`;

interface Station {
  readonly name: Name;
  readonly address: Uint8Array;
  readonly records: Map<string, Uint8Array>;
  powered: boolean;
  /** Grows with each start: what was under way before does not reach the machine after. */
  boots: number;
  wakeAtMs: number;
  step(input: KsnInput | DeviceInput): readonly ScpmEffect[];
  start(): void;
}

/** A frame that was on the medium. */
export interface Heard {
  readonly from: Name;
  readonly octets: Uint8Array;
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

const START_UNIX_MS = Date.UTC(2026, 0, 5);

/** One KSN and its devices on one medium, in virtual time. The same seed gives the same run. */
export class World {
  readonly random: Random;
  readonly settings: DomainSettings;
  readonly stations = new Map<Name, Station>();
  readonly heard: Heard[] = [];
  readonly effects: { readonly at: Name; readonly effect: ScpmEffect }[] = [];
  weather: Weather;
  nowMs = 0;
  /** Power cuts so far. */
  cuts = 0;
  ksn!: KsnState;
  readonly devices: DeviceState[] = [];
  readonly serialKeys: Secret[] = [];
  /** Asked at each effect that is about to be done: true cuts the power there. */
  cutHere: ((at: Name, effect: ScpmEffect) => boolean) | undefined;
  /** Sees each frame on the medium; what it answers is carried instead. */
  tamper: ((heard: Heard) => readonly Uint8Array[]) | undefined;
  /** A station that sends another public value than that of the pair which it made. */
  publicValue: ((at: Name, group: DhGroupName) => Uint8Array | undefined) | undefined;
  readonly #events: Due[] = [];
  readonly #dh;
  #order = 0;

  constructor(options: WorldOptions) {
    this.random = seededRandom(options.seed);
    this.#dh = seededDh(this.random);
    this.settings = { profile: 'hardened', addressSize: 6, ivLayout: 'repeat', ...options.settings };
    this.weather = options.weather ?? CALM;
    const address = this.#address(0);
    this.ksn = createDomain({
      settings: this.settings,
      address,
      preferred: options.preferred ?? 1,
      group: options.group ?? 2,
      userKey: new Secret(this.random.octets(16)),
    });
    this.#add('ksn', address, (station) => ({
      step: (input) => {
        const step = stepKsn(this.#context(), this.ksn, input as KsnInput);
        this.ksn = step.state;
        return step.effects;
      },
      start: () => {
        const domain = station.records.get('domain');
        const others = [...station.records].filter(([name]) => name !== 'domain').map(([, octets]) => octets);
        if (domain !== undefined) this.ksn = openKsn(domain, others);
        this.#run(station, { kind: 'powered-on' });
      },
    }));
    for (let i = 0; i < (options.devices ?? 1); i++) {
      const serialKey = new Secret(this.random.octets(16));
      this.serialKeys.push(serialKey);
      const identity: DeviceIdentity = {
        settings: this.settings,
        address: this.#address(i + 1),
        serialKey,
        algorithms: this.settings.profile === 'standard' ? [1] : [1, 2],
      };
      this.devices.push(createDevice(identity, undefined));
      this.#add(`device-${i}`, identity.address, (station) => ({
        step: (input) => {
          const step = stepDevice(this.#context(), this.devices[i] as DeviceState, input as DeviceInput);
          this.devices[i] = step.state;
          return step.effects;
        },
        start: () => {
          this.devices[i] = createDevice(identity, station.records.get('device'));
          this.#run(station, { kind: 'powered-on', random: this.random.octets(4) });
        },
      }));
    }
    this.#station('ksn').records.set('domain', encodeDomain(this.ksn));
    for (const station of this.stations.values()) station.start();
  }

  device(i = 0): DeviceState {
    return this.devices[i] as DeviceState;
  }

  /** Gives a machine an input, as its actor would. */
  tell(name: Name, input: KsnInput | DeviceInput): void {
    this.#run(this.#station(name), input);
  }

  /** The usual start: button, join, and time for it. */
  join(i = 0): void {
    this.tell(`device-${i}`, { kind: 'setting-mode' });
    this.tell('ksn', { kind: 'join', device: this.device(i).address, serialKey: this.serialKeys[i] as Secret });
  }

  freshKey(): Secret {
    return new Secret(this.random.octets(16));
  }

  /** Lets time pass; ends early once `done`. */
  pass(durationMs: number, done: () => boolean = () => false): void {
    const untilMs = this.nowMs + durationMs;
    while (!done()) {
      const next = this.#nextEvent();
      const wakes = [...this.stations.values()].filter(({ powered }) => powered);
      const waking = wakes.reduce<Station | undefined>(
        (first, each) => (first === undefined || each.wakeAtMs < first.wakeAtMs ? each : first),
        undefined,
      );
      const wakeAtMs = waking?.wakeAtMs ?? Number.POSITIVE_INFINITY;
      const atMs = Math.min(next?.atMs ?? Number.POSITIVE_INFINITY, wakeAtMs);
      if (atMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      if (next !== undefined && next.atMs <= wakeAtMs) {
        this.#events.splice(this.#events.indexOf(next), 1);
        next.run();
      } else if (waking !== undefined) {
        waking.wakeAtMs = Number.POSITIVE_INFINITY;
        this.#run(waking, { kind: 'wake' });
      }
    }
    if (!done()) this.nowMs = untilMs;
  }

  /** The power goes, and comes back a little later: all that is left is on record. */
  cut(name: Name): void {
    const station = this.#station(name);
    this.cuts++;
    station.powered = false;
    station.boots++;
    station.wakeAtMs = Number.POSITIVE_INFINITY;
    this.#after(500, () => {
      station.powered = true;
      station.start();
      // The hand at the button: a device without a user key is set to setting mode again.
      if (name !== 'ksn') this.#run(station, { kind: 'setting-mode' });
    });
  }

  /** Effects of one kind at one station. */
  of<Kind extends ScpmEffect['kind']>(name: Name, kind: Kind): readonly Extract<ScpmEffect, { readonly kind: Kind }>[] {
    return this.effects
      .filter(({ at, effect }) => at === name && effect.kind === kind)
      .map(({ effect }) => effect as Extract<ScpmEffect, { readonly kind: Kind }>);
  }

  /** Puts octets onto the medium, as anybody may. */
  inject(octets: Uint8Array): void {
    this.#carry(octets);
  }

  #run(station: Station, input: KsnInput | DeviceInput): void {
    if (!station.powered) return;
    const { boots } = station;
    for (const effect of station.step(input)) {
      const isCut = this.cutHere?.(station.name, effect) ?? this.#chance(this.weather.cuts);
      if (isCut) {
        this.cut(station.name);
        return;
      }
      this.#perform(station, effect);
      if (station.boots !== boots) return;
    }
  }

  #perform(station: Station, effect: ScpmEffect): void {
    this.effects.push({ at: station.name, effect });
    const later = (input: KsnInput | DeviceInput, delayMs = 1): void => {
      const { boots } = station;
      this.#after(delayMs, () => {
        if (station.boots === boots) this.#run(station, input);
      });
    };
    switch (effect.kind) {
      case 'persist':
        if (effect.octets === undefined) station.records.delete(effect.name);
        else station.records.set(effect.name, effect.octets);
        return;
      case 'transmit': {
        const heard = { from: station.name, octets: effect.octets };
        this.heard.push(heard);
        for (const octets of this.tamper?.(heard) ?? [effect.octets]) this.#transmit(octets);
        return;
      }
      case 'make-random':
        later({ kind: 'random', id: effect.id, octets: this.random.octets(effect.sizeOctets) });
        return;
      case 'make-dh':
        later({ kind: 'dh-made', id: effect.id, pair: this.#pair(station.name, effect.group) }, 20);
        return;
      case 'agree-dh':
        later({ kind: 'dh-agreed', id: effect.id, z: this.#dh.agree(effect.privateKey, effect.peer) }, 20);
        return;
      case 'wake':
        station.wakeAtMs = effect.atMonotonicMs;
        return;
      default:
        return;
    }
  }

  #pair(at: Name, group: DhGroupName): DhPair {
    const pair = this.#dh.generate(group);
    return { ...pair, publicValue: this.publicValue?.(at, group) ?? pair.publicValue };
  }

  #transmit(octets: Uint8Array): void {
    if (this.#chance(this.weather.loss)) return;
    this.#carry(octets);
    if (this.#chance(this.weather.duplicates)) this.#carry(octets);
  }

  /** Everybody on the medium hears everything. */
  #carry(octets: Uint8Array): void {
    const delayMs = 1 + this.#fraction() * this.weather.delayMs;
    this.#after(delayMs, () => {
      for (const station of this.stations.values()) this.#run(station, { kind: 'frame', octets });
    });
  }

  #context(): ScpmContext {
    return {
      primitives: nodePrimitives,
      now: { unixMs: START_UNIX_MS + this.nowMs, monotonicMs: this.nowMs },
    };
  }

  #add(name: Name, address: Uint8Array, machine: (station: Station) => Pick<Station, 'step' | 'start'>): void {
    const records = new Map<string, Uint8Array>();
    const station: Station = {
      name,
      address,
      records,
      powered: true,
      boots: 0,
      wakeAtMs: Number.POSITIVE_INFINITY,
      step: () => [],
      start: () => {},
    };
    this.stations.set(name, Object.assign(station, machine(station)));
  }

  #station(name: Name): Station {
    const station = this.stations.get(name);
    if (station === undefined) throw new Error(`no station ${name}`);
    return station;
  }

  #after(delayMs: number, run: () => void): void {
    this.#events.push({ atMs: this.nowMs + delayMs, order: this.#order++, run });
  }

  #nextEvent() {
    return this.#events.reduce<Due | undefined>(
      (first, each) =>
        first === undefined || each.atMs < first.atMs || (each.atMs === first.atMs && each.order < first.order)
          ? each
          : first,
      undefined,
    );
  }

  #address(i: number): Uint8Array {
    const octets = new Uint8Array(this.settings.addressSize);
    octets[0] = 0x02;
    octets[octets.length - 1] = i + 1;
    return octets;
  }

  #chance(share: number): boolean {
    return share > 0 && this.#fraction() < share;
  }

  #fraction(): number {
    const [a = 0, b = 0, c = 0] = this.random.octets(3);
    return (a * 65536 + b * 256 + c) / 2 ** 24;
  }
}

/** The octets of an active key as each end holds it, to be compared. */
export function activeKey(
  keys: readonly { keyIndex: number; state: string; version: number; key: Secret }[],
  keyIndex: number,
): string {
  const key = keys.find((each) => each.keyIndex === keyIndex && each.state === 'active');
  return key === undefined ? 'none' : `${key.version} ${toHex(key.key.reveal())}`;
}
