import { type CentralLink, type GattService, type PeripheralLink, RadioError } from '@cardea/kit-radio';
import type { Clock, Random } from '@cardea/kit-runtime';
import type { AirFaults } from './faults.ts';
import { fraction } from './fraction.ts';
import type { TappedFrame, TapVerdict } from './tap.ts';
import { ATT_HEADER_OCTETS, airtimeMs, fragments, type RadioTiming } from './timing.ts';

/** What one connection is made of. */
export interface LinkParts {
  readonly id: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: RadioTiming;
  readonly central: string;
  readonly peripheral: string;
  readonly address: string;
  readonly service: GattService;
  readonly mtu: number;
  readonly llPayloadOctets: number;
  faults(): AirFaults;
  /** Asks the taps about a frame. */
  judge(frame: TappedFrame): TapVerdict;
  written(link: PeripheralLink, characteristic: string, value: Uint8Array): void;
  /** Both ends know that the link is over: the peripheral may be connected to again. */
  ended(link: PeripheralLink): void;
}

/** A connection with both its ends. */
export interface Link {
  readonly id: number;
  readonly centralEnd: CentralLink;
  readonly peripheralEnd: PeripheralLink;
  /** Ends it for the reason that nothing was heard. */
  lose(): void;
  /** Puts a value on the air as if the peer had sent it; no tap sees it. */
  inject(direction: TappedFrame['direction'], characteristic: string, value: Uint8Array): void;
}

/** One protocol data unit on its way: what is sent of it, and what happens when all of it is there. */
interface Pdu {
  readonly packets: readonly number[];
  sent: number;
  arrived(): void;
}

/** Packets of one direction leave one after the other, from one connection event on, and again at the next when lost. */
interface Pump {
  push(valueOctets: number, arrived: () => void): void;
}

/**
 * A connection: ATT requests of the central are sequential, each answered at the connection event after the one that
 * brought it; notifications leave at the next event. One lost LL packet costs one connection interval.
 */
export function createLink(parts: LinkParts): Link {
  const { clock, timing } = parts;
  const anchorMs = clock.monotonic();
  let heardMs = anchorMs;
  let open = true;
  let endedAtPeripheral = false;
  const failures = new Set<(error: RadioError) => void>();
  const disconnectListeners: (() => void)[] = [];
  const notifyListeners = new Map<string, ((value: Uint8Array) => void)[]>();
  const subscribed = new Set<string>();
  let centralTold = false;

  const untilNextEventMs = (): number => {
    const passed = (clock.monotonic() - anchorMs) / timing.connectionIntervalMs;
    // The hair keeps a timer that fires at an event from being counted to the event before.
    return (Math.floor(passed + 1e-6) + 1 - passed) * timing.connectionIntervalMs;
  };
  const unheard = (): boolean => {
    const { range, loss } = parts.faults();
    return range === 'out' || (loss > 0 && fraction(parts.random) < loss);
  };

  const pump = (): Pump => {
    const queue: Pdu[] = [];
    let busy = false;
    const next = (waitMs: number): void => {
      const pdu = queue[0];
      busy = pdu !== undefined;
      if (pdu === undefined) return;
      clock.after(waitMs + airtimeMs(pdu.packets[pdu.sent] ?? 0), () => {
        if (!open) return;
        if (unheard()) {
          if (clock.monotonic() - heardMs >= timing.supervisionTimeoutMs) lose();
          else next(untilNextEventMs());
          return;
        }
        heardMs = clock.monotonic();
        pdu.sent++;
        if (pdu.sent === pdu.packets.length) {
          queue.shift();
          pdu.arrived();
        }
        next(0);
      });
    };
    return {
      push(valueOctets, arrived) {
        if (queue.length === 0 && !busy) heardMs = Math.max(heardMs, clock.monotonic());
        queue.push({ packets: fragments(valueOctets, parts.llPayloadOctets), sent: 0, arrived });
        if (!busy) next(untilNextEventMs());
      },
    };
  };
  const down = pump();
  const up = pump();

  /** ATT: one request at a time. */
  const requests: (() => void)[] = [];
  const request = (run: () => void): void => {
    requests.push(run);
    if (requests.length === 1) run();
  };
  const requestDone = (): void => {
    requests.shift();
    requests[0]?.();
  };

  const through = (frame: TappedFrame, deliver: (value: Uint8Array) => void): void => {
    const verdict = parts.judge(frame);
    if (verdict.kind === 'pass') deliver(frame.value);
    else if (verdict.kind === 'replace') deliver(verdict.value);
    else if (verdict.kind === 'hold') {
      clock.after(verdict.ms, () => {
        if (open) deliver(frame.value);
      });
    }
  };
  const frame = (direction: TappedFrame['direction'], characteristic: string, value: Uint8Array): TappedFrame => ({
    link: parts.id,
    central: parts.central,
    peripheral: parts.peripheral,
    direction,
    characteristic,
    value,
  });

  const peripheralEnds = (): void => {
    if (endedAtPeripheral) return;
    endedAtPeripheral = true;
    parts.ended(peripheralEnd);
  };
  const centralEnds = (): void => {
    if (centralTold) return;
    centralTold = true;
    for (const listener of disconnectListeners) listener();
  };
  const close = (): void => {
    open = false;
    for (const fail of [...failures]) fail(new RadioError('disconnected', 'the link ended'));
    failures.clear();
  };
  /** The side that hangs up knows at once; the other at the next event, or by silence. */
  const hangUp = (mine: () => void, theirs: () => void): void => {
    if (!open) return;
    close();
    clock.after(0, mine);
    clock.after(parts.faults().range === 'out' ? timing.supervisionTimeoutMs : untilNextEventMs(), theirs);
  };
  const lose = (): void => {
    if (!open) return;
    close();
    clock.after(0, centralEnds);
    clock.after(0, peripheralEnds);
  };

  const characteristicOf = (uuid: string, use: 'write' | 'notify', valueOctets: number): void => {
    const found = parts.service.characteristics.find((characteristic) => characteristic.uuid === uuid);
    if (found === undefined || !found[use]) throw new RadioError('unsupported', `no characteristic ${uuid} to ${use}`);
    if (valueOctets > parts.mtu - ATT_HEADER_OCTETS) {
      throw new RadioError('unsupported', `${valueOctets} octets do not fit an MTU of ${parts.mtu}`);
    }
  };

  const peripheralEnd: PeripheralLink = {
    id: parts.id,
    mtu: parts.mtu,
    notify(characteristic, value) {
      characteristicOf(characteristic, 'notify', value.length);
      const copy = value.slice();
      const send = (): void => {
        if (!open || !subscribed.has(characteristic)) return;
        up.push(copy.length, () =>
          through(frame('to-central', characteristic, copy), (v) => notified(characteristic, v)),
        );
      };
      const { delayMs } = parts.faults();
      if (delayMs > 0) clock.after(delayMs, send);
      else send();
    },
    disconnect: () => hangUp(peripheralEnds, centralEnds),
  };
  const notified = (characteristic: string, value: Uint8Array): void => {
    if (!open) return;
    for (const listener of notifyListeners.get(characteristic) ?? []) listener(value.slice());
  };
  const written = (characteristic: string, value: Uint8Array): void => {
    if (open) parts.written(peripheralEnd, characteristic, value.slice());
  };

  /** Resolves when the response is back: at the connection event after the one that brought the request. */
  const transact = (valueOctets: number, arrived: () => void, answered: () => void): void => {
    request(() => {
      down.push(valueOctets, () => {
        arrived();
        up.push(0, () => {
          answered();
          requestDone();
        });
      });
    });
  };

  const centralEnd: CentralLink = {
    address: parts.address,
    mtu: parts.mtu,
    async write(characteristic, value) {
      if (!open) throw new RadioError('disconnected', 'the link ended');
      characteristicOf(characteristic, 'write', value.length);
      const copy = value.slice();
      await new Promise<void>((resolve, reject) => {
        failures.add(reject);
        transact(
          copy.length,
          () => through(frame('to-peripheral', characteristic, copy), (v) => written(characteristic, v)),
          () => {
            failures.delete(reject);
            resolve();
          },
        );
      });
    },
    onNotify(characteristic, listener) {
      characteristicOf(characteristic, 'notify', 0);
      const known = notifyListeners.get(characteristic);
      if (known !== undefined) {
        known.push(listener);
        return;
      }
      notifyListeners.set(characteristic, [listener]);
      // Writing the client characteristic configuration (2 octets) is what subscribes.
      if (open)
        transact(
          2,
          () => subscribed.add(characteristic),
          () => undefined,
        );
    },
    onDisconnect(listener) {
      if (centralTold) clock.after(0, listener);
      else disconnectListeners.push(listener);
    },
    disconnect: () => hangUp(centralEnds, peripheralEnds),
  };

  return {
    id: parts.id,
    centralEnd,
    peripheralEnd,
    lose,
    inject(direction, characteristic, value) {
      const copy = value.slice();
      if (direction === 'to-peripheral') down.push(copy.length, () => written(characteristic, copy));
      else up.push(copy.length, () => notified(characteristic, copy));
    },
  };
}
