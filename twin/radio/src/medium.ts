import {
  type AdvertisementReport,
  type CentralLink,
  type ContactlessCard,
  type GattService,
  type Peripheral,
  type PeripheralHandler,
  type PeripheralOptions,
  type Radio,
  RadioError,
} from '@cardea/kit-radio';
import type { Cancel, Clock, Random } from '@cardea/kit-runtime';
import { type AirFaults, NO_FAULTS } from './faults.ts';
import { type HeldCard, holdCard } from './field.ts';
import { fraction } from './fraction.ts';
import { createLink, type Link } from './link.ts';
import type { Tap, TappedFrame, TapVerdict } from './tap.ts';
import { ATT_MTU_MIN, capabilities, DEFAULT_TIMING, type RadioTiming } from './timing.ts';

/** What a medium is made of. */
export interface MediumOptions {
  readonly clock: Clock;
  /** Seeded for a repeatable run. */
  readonly random: Random;
  readonly timing?: Partial<RadioTiming>;
}

/** A peripheral as the simulation lists it. */
export interface PeripheralInfo {
  readonly name: string;
  readonly bluetooth: '4.2' | '5.0';
  readonly mtu: number;
  readonly advertising: boolean;
  readonly connected: boolean;
  readonly faults: AirFaults;
}

/** The air that all radios of a simulation share. */
export interface Medium {
  /** The radio of somebody on this air; `name` is who this is to the simulation, never on the air. */
  radioFor(name: string): Radio;
  /** Changes what is wrong with the air around a peripheral, which need not be there yet. */
  setFaults(peripheral: string, change: Partial<AirFaults>): void;
  peripherals(): readonly PeripheralInfo[];
  /** Brings a card into a reader's field, which is no matter of names: whoever is handed the contact has the reader. */
  holdCard(card: ContactlessCard): HeldCard;
  /** Puts somebody on the air until the returned function is called. */
  tap(tap: Tap): Cancel;
  /** Puts a value on a live link as if the peer had sent it. False when there is no such link. */
  inject(link: number, direction: TappedFrame['direction'], characteristic: string, value: Uint8Array): boolean;
}

interface Advertiser {
  readonly service: GattService;
  readonly handler: PeripheralHandler;
  readonly options: PeripheralOptions;
  advertisement: { readonly address: string; readonly data: Uint8Array } | undefined;
  /** Cancels its next advertising event. */
  timer: Cancel | undefined;
  /** `held` from CONNECT_IND until both ends know that the link is over. */
  held: boolean;
  link: Link | undefined;
  open: boolean;
}

interface Scan {
  readonly services: ReadonlySet<string>;
  readonly onReport: (report: AdvertisementReport) => void;
}

const RSSI_NEAR_DBM = -55;
const RSSI_SPREAD_DB = 20;

/** A simulated Bluetooth Low Energy medium in this process, under any clock. */
export function createMedium({ clock, random, ...options }: MediumOptions): Medium {
  const timing: RadioTiming = { ...DEFAULT_TIMING, ...options.timing };
  const advertisers = new Set<Advertiser>();
  const scans = new Set<Scan>();
  const taps = new Set<Tap>();
  const links = new Map<number, Link>();
  const faultsByName = new Map<string, AirFaults>();
  let nextLink = 1;

  const faults = (name: string): AirFaults => faultsByName.get(name) ?? NO_FAULTS;
  const intervalMs = (): number => timing.advertisingIntervalMs + fraction(random) * timing.advertisingJitterMs;
  const heard = (name: string): boolean => {
    const { range, loss } = faults(name);
    return range === 'in' && !(loss > 0 && fraction(random) < loss);
  };

  const advertiseOnce = (advertiser: Advertiser): void => {
    const { advertisement, options } = advertiser;
    if (advertisement === undefined || !heard(options.name)) return;
    for (const tap of taps) tap.advertisement?.({ peripheral: options.name, ...advertisement });
    const rssiDbm = RSSI_NEAR_DBM - Math.floor(fraction(random) * RSSI_SPREAD_DB);
    for (const scan of [...scans]) {
      if (!scan.services.has(advertiser.service.uuid)) continue;
      scan.onReport({
        address: advertisement.address,
        service: advertiser.service.uuid,
        data: advertisement.data.slice(),
        rssiDbm,
        connectable: !advertiser.held,
      });
    }
  };
  /** Advertising events are simulated only while somebody listens: nothing else could tell the difference. */
  const listening = (): boolean => scans.size > 0 || taps.size > 0;
  const schedule = (advertiser: Advertiser, delayMs: number): void => {
    advertiser.timer?.();
    advertiser.timer = undefined;
    if (!advertiser.open || advertiser.advertisement === undefined || !listening()) return;
    advertiser.timer = clock.after(delayMs, () => {
      advertiser.timer = undefined;
      advertiseOnce(advertiser);
      schedule(advertiser, intervalMs());
    });
  };
  const scheduleAll = (): void => {
    for (const advertiser of advertisers) {
      if (advertiser.timer === undefined) schedule(advertiser, fraction(random) * intervalMs());
    }
  };

  const judge = (frame: TappedFrame): TapVerdict => {
    for (const tap of taps) {
      const verdict = tap.frame?.(frame);
      if (verdict !== undefined && verdict.kind !== 'pass') return verdict;
    }
    return { kind: 'pass' };
  };

  const establish = (central: string, advertiser: Advertiser, address: string): CentralLink => {
    const { llPayloadOctets, mtu } = capabilities(advertiser.options.bluetooth, advertiser.options.mtu);
    const id = nextLink++;
    const link = createLink({
      id,
      clock,
      random,
      timing,
      central,
      peripheral: advertiser.options.name,
      address,
      service: advertiser.service,
      mtu,
      llPayloadOctets,
      faults: () => faults(advertiser.options.name),
      judge,
      written: (end, characteristic, value) => advertiser.handler.written(end, characteristic, value),
      ended(end) {
        links.delete(id);
        advertiser.held = false;
        advertiser.link = undefined;
        advertiser.handler.disconnected(end);
      },
    });
    links.set(id, link);
    advertiser.link = link;
    advertiser.handler.connected(link.peripheralEnd);
    return link.centralEnd;
  };

  const connect = (central: string, address: string, timeoutMs: number): Promise<CentralLink> =>
    new Promise((resolve, reject) => {
      const deadlineMs = clock.monotonic() + timeoutMs;
      let requested = false;
      /** Waits for the next advertising event of that address, again and again until the time is over. */
      const listen = (): void => {
        const leftMs = deadlineMs - clock.monotonic();
        const waitMs = fraction(random) * intervalMs();
        clock.after(Math.min(waitMs, Math.max(0, leftMs)), () => {
          if (waitMs > leftMs) {
            reject(
              requested
                ? new RadioError('timeout', `${address} did not answer within ${timeoutMs} ms`)
                : new RadioError('out-of-range', `${address} was not heard within ${timeoutMs} ms`),
            );
            return;
          }
          request();
        });
      };
      const request = (): void => {
        const found = [...advertisers].filter(
          (one) => one.advertisement?.address === address && heard(one.options.name),
        );
        const advertiser = found[Math.floor(fraction(random) * found.length)];
        if (advertiser === undefined) {
          listen();
          return;
        }
        if (advertiser.held) {
          reject(new RadioError('busy', `${address} is connected to somebody else`));
          return;
        }
        advertiser.held = true;
        requested = true;
        const { mtu } = capabilities(advertiser.options.bluetooth, advertiser.options.mtu);
        // A longer LL payload and a larger MTU are agreed in one exchange each, at connection events of their own.
        const exchanges = mtu > ATT_MTU_MIN ? 2 : 0;
        const setupMs = timing.connectionSetupMs + (1 + exchanges) * timing.connectionIntervalMs;
        clock.after(setupMs, () => {
          if (advertiser.open && heard(advertiser.options.name)) {
            resolve(establish(central, advertiser, address));
          } else {
            advertiser.held = false;
            listen();
          }
        });
      };
      listen();
    });

  return {
    radioFor: (name) => ({
      serve(service, handler, options): Peripheral {
        const advertiser: Advertiser = {
          service,
          handler,
          options,
          advertisement: undefined,
          timer: undefined,
          held: false,
          link: undefined,
          open: true,
        };
        advertisers.add(advertiser);
        return {
          advertise(advertisement) {
            if (!advertiser.open) return;
            advertiser.advertisement =
              advertisement === undefined
                ? undefined
                : { address: advertisement.address, data: advertisement.data.slice() };
            schedule(advertiser, fraction(random) * intervalMs());
          },
          close() {
            advertiser.open = false;
            advertiser.timer?.();
            advertisers.delete(advertiser);
            advertiser.link?.peripheralEnd.disconnect();
          },
        };
      },
      scan(services, onReport) {
        const scan: Scan = { services: new Set(services), onReport };
        scans.add(scan);
        scheduleAll();
        return () => {
          scans.delete(scan);
        };
      },
      connect: (address, { timeoutMs }) => connect(name, address, timeoutMs),
    }),
    setFaults(peripheral, change) {
      faultsByName.set(peripheral, { ...faults(peripheral), ...change });
      if (change.range !== 'out') return;
      for (const advertiser of advertisers) {
        const link = advertiser.link;
        if (advertiser.options.name !== peripheral || link === undefined) continue;
        // An idle link hears nothing either: its empty packets stay away.
        clock.after(timing.supervisionTimeoutMs, () => {
          if (faults(peripheral).range === 'out') link.lose();
        });
      }
    },
    peripherals: () =>
      [...advertisers].map(({ options, advertisement, link }) => ({
        name: options.name,
        bluetooth: options.bluetooth,
        mtu: capabilities(options.bluetooth, options.mtu).mtu,
        advertising: advertisement !== undefined,
        connected: link !== undefined,
        faults: faults(options.name),
      })),
    holdCard: (card) => holdCard(clock, card),
    tap(tap) {
      taps.add(tap);
      scheduleAll();
      return () => {
        taps.delete(tap);
      };
    },
    inject(link, direction, characteristic, value) {
      const found = links.get(link);
      found?.inject(direction, characteristic, value);
      return found !== undefined;
    },
  };
}
