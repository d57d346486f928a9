import { equal, toHex } from '@cardea/kit-octets';
import type { AdvertisementReport, Radio } from '@cardea/kit-radio';
import type { Clock, Log } from '@cardea/kit-runtime';
import type { GatewayDriver, KnownLock, Sighting } from '@cardea/wire-profile';
import type { FromGateway, RoutedLock } from '@cardea/wire-route';
import { LIMITS } from '../limits.ts';

type SightingReport = Extract<FromGateway, { kind: 'sighting' }>;

/** Who is on the air around this gateway, and under which address. */
export interface Neighbourhood {
  /** The locks of this gateway, replacing those before. */
  setLocks(locks: readonly RoutedLock[]): void;
  /** How a lock is reached: its driver, and its address if it was heard lately. */
  find(identifier: string): { readonly driver: GatewayDriver; readonly address: string | undefined } | undefined;
  /** Everything that is seen now counts as not reported: for a RAS that has just come back. */
  reportAgain(): void;
  /** Nobody counts as heard: the radio was away. */
  forget(): void;
  start(): void;
  stop(): void;
}

interface Neighbour {
  readonly driver: GatewayDriver;
  readonly sighting: Sighting;
  readonly address: string;
  readonly rssiDbm: number;
  readonly heardAtMs: number;
}

interface Reported {
  readonly key: string;
  readonly atMs: number;
}

/** Scans for the drivers' services and recognises what it hears. `heard` is called for each lock that was recognised. */
export function createNeighbourhood(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly radio: Radio;
  readonly drivers: readonly GatewayDriver[];
  heard(identifier: string, returned: boolean): void;
  report(sighting: SightingReport): void;
}): Neighbourhood {
  const { clock, log, radio, drivers } = options;
  let locks: readonly KnownLock[] = [];
  let byIdentifier = new Map<string, KnownLock>();
  const neighbours = new Map<string, Neighbour>();
  const recognitions = new Map<string, { readonly data: Uint8Array; readonly found: Found | undefined }>();
  const reported = new Map<string, Reported>();
  let allowance: number = LIMITS.sightingsPerSecond;
  let allowanceAtMs = 0;
  let stopScan: (() => void) | undefined;

  interface Found {
    readonly driver: GatewayDriver;
    readonly sighting: Sighting;
  }

  /** A driver that throws on what somebody sent over the air is only a driver that did not recognise it. */
  const recognise = (service: string, data: Uint8Array): Found | undefined => {
    for (const driver of drivers) {
      if (driver.profile.service !== service) continue;
      try {
        const sighting = driver.recognise(data, locks);
        if (sighting !== undefined) return { driver, sighting };
      } catch (error) {
        log.warn('driver failed to recognise', { maker: driver.profile.maker, error: nameOf(error) });
      }
    }
    return undefined;
  };

  const remembered = ({ address, service, data }: AdvertisementReport): Found | undefined => {
    const before = recognitions.get(address);
    if (before !== undefined && equal(before.data, data)) return before.found;
    const found = recognise(service, data);
    recognitions.delete(address);
    recognitions.set(address, { data, found });
    const oldest = recognitions.keys().next();
    if (recognitions.size > LIMITS.recognitions && oldest.done !== true) recognitions.delete(oldest.value);
    return found;
  };

  const take = (report: AdvertisementReport): void => {
    const found = remembered(report);
    if (found === undefined) return;
    const { identifier } = found.sighting;
    const isStranger = !byIdentifier.has(identifier);
    if (isStranger && !neighbours.has(identifier) && !makeRoom()) return;
    const { address, rssiDbm } = report;
    const before = neighbours.get(identifier)?.address;
    const neighbour = { ...found, address, rssiDbm, heardAtMs: clock.monotonic() };
    neighbours.set(identifier, neighbour);
    tell(neighbour);
    options.heard(identifier, before !== undefined && before !== address);
  };

  /** Strangers that are not heard any more make room; a flood of invented ones is not remembered. */
  const makeRoom = (): boolean => {
    const strangers = [...neighbours].filter(([identifier]) => !byIdentifier.has(identifier));
    if (strangers.length < LIMITS.strangers) return true;
    const gone = strangers.find(([, { heardAtMs }]) => clock.monotonic() - heardAtMs > LIMITS.addressLifeMs);
    if (gone === undefined) return false;
    reported.delete(gone[0]);
    return neighbours.delete(gone[0]);
  };

  const tell = ({ sighting, driver, rssiDbm, heardAtMs }: Neighbour): void => {
    const key =
      sighting.kind === 'bound' ? `bound ${toHex(sighting.state)}` : `unbound ${sighting.model} ${sighting.windowOpen}`;
    const last = reported.get(sighting.identifier);
    const sinceMs = last === undefined ? Number.POSITIVE_INFINITY : heardAtMs - last.atMs;
    const due = last?.key === key ? sinceMs >= LIMITS.sightingEveryMs : sinceMs >= LIMITS.sightingGapMs;
    if (!due || !isAllowed(heardAtMs)) return;
    reported.set(sighting.identifier, { key, atMs: heardAtMs });
    options.report({
      kind: 'sighting',
      lock: sighting.identifier,
      maker: byIdentifier.get(sighting.identifier)?.maker ?? driver.profile.maker,
      rssiDbm,
      unbound: sighting.kind === 'unbound' ? { model: sighting.model, windowOpen: sighting.windowOpen } : null,
      state: sighting.kind === 'bound' ? sighting.state : null,
    });
  };

  const isAllowed = (nowMs: number): boolean => {
    const earned = ((nowMs - allowanceAtMs) * LIMITS.sightingsPerSecond) / 1000;
    allowance = Math.min(LIMITS.sightingsPerSecond, allowance + earned);
    allowanceAtMs = nowMs;
    if (allowance < 1) return false;
    allowance -= 1;
    return true;
  };

  return {
    setLocks(next) {
      locks = next;
      byIdentifier = new Map(next.map((lock) => [lock.identifier, lock]));
      recognitions.clear();
    },
    find(identifier) {
      const neighbour = neighbours.get(identifier);
      const maker = byIdentifier.get(identifier)?.maker ?? neighbour?.driver.profile.maker;
      const driver = drivers.find(({ profile }) => profile.maker === maker);
      if (driver === undefined) return undefined;
      const heard = neighbour !== undefined && clock.monotonic() - neighbour.heardAtMs <= LIMITS.addressLifeMs;
      return { driver, address: heard ? neighbour.address : undefined };
    },
    reportAgain: () => reported.clear(),
    forget() {
      neighbours.clear();
      reported.clear();
    },
    start() {
      const services = [...new Set(drivers.map(({ profile }) => profile.service))];
      stopScan ??= radio.scan(services, take);
    },
    stop() {
      stopScan?.();
      stopScan = undefined;
    },
  };
}

/** The name of whatever was thrown: its message may quote what must not be in a log. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
