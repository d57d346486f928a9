import { nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { fromHex } from '@cardea/kit-octets';
import { createVirtualClock, silentLog, type VirtualClock } from '@cardea/kit-runtime';
import { createMedium, type Medium } from '@cardea/twin-radio';
import {
  cardeaDriver,
  cardeaProfile,
  encodeUnbound,
  LEGACY_CHARACTERISTIC,
  LINK_CHARACTERISTIC,
  lockLink,
} from '@cardea/wire-lock';
import {
  encodeAdvertisement,
  MAKER2_INBOX,
  MAKER2_OUTBOX,
  MAKER2_SERVICE,
  maker2DeviceLink,
  maker2Driver,
} from '@cardea/wire-maker2';
import type { GatewayDriver } from '@cardea/wire-profile';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import {
  createGateway,
  createMemoryJournal,
  type Gateway,
  type GatewayOptions,
  type JournalStorage,
  UplinkError,
} from '../src/index.ts';

export const START_UNIX_MS = 1_750_000_000_000;

/** How a lock of these tests answers a message: after how long, or never. */
export type Manner = { readonly kind: 'answers'; readonly afterMs: number } | { readonly kind: 'hangs' };

/** A gateway on a simulated air, under virtual time, with locks that echo and a RAS that notes. */
export class Estate {
  readonly clock: VirtualClock = createVirtualClock(START_UNIX_MS, settle);
  readonly medium: Medium;
  readonly reports: FromGateway[] = [];
  readonly received: { readonly lock: string; readonly octets: Uint8Array }[] = [];
  readonly connections: string[] = [];
  online = true;
  /** What the RAS does with a report. */
  take: (report: FromGateway) => Promise<void> = async () => {};
  gateway: Gateway;
  tell: (message: ToGateway) => void = () => {};
  onReport: (report: FromGateway) => void = () => {};
  #onOnline: () => void = () => {};
  #ids = 0;

  constructor(
    seed: number,
    storage: JournalStorage = createMemoryJournal(),
    drivers?: readonly GatewayDriver[],
    domain?: GatewayOptions['domain'],
  ) {
    this.medium = createMedium({ clock: this.clock, random: seededRandom(seed) });
    this.gateway = this.start(storage, drivers, domain);
  }

  start(
    storage: JournalStorage,
    drivers: readonly GatewayDriver[] = [cardeaDriver(nodePrimitives), maker2Driver(nodePrimitives)],
    domain?: GatewayOptions['domain'],
  ): Gateway {
    this.gateway = createGateway({
      clock: this.clock,
      random: seededRandom(7),
      log: silentLog,
      radio: this.medium.radioFor('gateway'),
      storage,
      drivers,
      ...(domain === undefined ? {} : { domain }),
      uplink: (events) => {
        this.tell = (message) => void events.onMessage(message);
        this.#onOnline = events.onOnline;
        const estate = this;
        return {
          get online() {
            return estate.online;
          },
          start: () => events.onOnline(),
          stop: async () => {},
          async send(report) {
            if (!estate.online) throw new UplinkError('offline', 'test');
            await estate.take(report);
            estate.reports.push(report);
            estate.onReport(report);
          },
        };
      },
    });
    return this.gateway;
  }

  goOnline(online: boolean): void {
    this.online = online;
    if (online) this.#onOnline();
  }

  /** Puts an unbound lock on the air that echoes each message in its manner. */
  addLock(identifier: string, maker: 'cardea' | 'maker2', bluetooth: '4.2' | '5.0', manner: () => Manner): void {
    const { clock } = this;
    const characteristics =
      maker === 'cardea'
        ? [LINK_CHARACTERISTIC, LEGACY_CHARACTERISTIC].map((uuid) => ({ uuid, write: true, notify: true }))
        : [
            { uuid: MAKER2_INBOX, write: true, notify: false },
            { uuid: MAKER2_OUTBOX, write: false, notify: true },
          ];
    const service = { uuid: maker === 'cardea' ? cardeaProfile.service : MAKER2_SERVICE, characteristics };
    const codecs = new Map<number, ReturnType<typeof lockLink>>();
    const peripheral = this.medium.radioFor(identifier).serve(
      service,
      {
        connected: (link) => {
          this.connections.push(identifier);
          codecs.set(link.id, maker === 'cardea' ? lockLink(link.mtu) : maker2DeviceLink(link.mtu));
        },
        written: (link, characteristic, value) => {
          const taken = codecs.get(link.id)?.decode(characteristic, value, clock.monotonic());
          if (taken?.kind !== 'message') return;
          this.received.push({ lock: identifier, octets: taken.octets });
          const how = manner();
          if (how.kind === 'hangs') return;
          clock.after(how.afterMs, () => {
            for (const piece of codecs.get(link.id)?.encode(taken.channel, taken.octets) ?? []) {
              link.notify(piece.characteristic, piece.value);
            }
          });
        },
        disconnected: (link) => codecs.delete(link.id),
      },
      { name: identifier, bluetooth, mtu: 247 },
    );
    const data =
      maker === 'cardea'
        ? encodeUnbound({ lockId: fromHex(identifier), model: 1, windowOpen: true })
        : encodeAdvertisement({ kind: 'unbound', identifier, model: 2, windowOpen: true });
    peripheral.advertise({ address: identifier, data });
  }

  serve(...identifiers: readonly { identifier: string; maker: string }[]): void {
    this.tell({ kind: 'locks', locks: identifiers.map((lock) => ({ ...lock, advertisementKey: undefined })) });
  }

  /** Sends a frame of so many octets; answers its id. */
  frame(lock: string, options: { sizeOctets?: number; lifeMs?: number; channel?: number } = {}): string {
    const id = `att_${++this.#ids}`;
    const octets = new Uint8Array(options.sizeOctets ?? 29);
    octets.set(new TextEncoder().encode(id));
    const expiresAtS = Math.floor((this.clock.now() + (options.lifeMs ?? 10_000)) / 1000);
    this.tell({ kind: 'frame', id, lock, channel: options.channel ?? 1, expiresAtS, octets });
    return id;
  }

  messages(lock: string): readonly string[] {
    return this.reports.flatMap((report) =>
      report.kind === 'frame' && report.lock === lock ? [idIn(report.octets)] : [],
    );
  }

  stages(id: string): readonly string[] {
    return this.reports.flatMap((report) => (report.kind === 'progress' && report.id === id ? [report.stage] : []));
  }
}

/** The id that `frame` put into its octets. */
export function idIn(octets: Uint8Array): string {
  const end = octets.indexOf(0);
  return new TextDecoder().decode(octets.subarray(0, end < 0 ? octets.length : end));
}
