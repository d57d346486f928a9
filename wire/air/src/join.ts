import {
  type AdvertisementReport,
  type CardContact,
  type CentralLink,
  type ContactlessCard,
  type GattService,
  type Peripheral,
  type PeripheralHandler,
  type PeripheralLink,
  type PeripheralOptions,
  type Radio,
  RadioError,
  type RadioErrorCode,
} from '@cardea/kit-radio';
import { createCards } from './cards.ts';
import { AirError } from './errors.ts';
import { AirStream, frameAirMessage } from './framing.ts';
import { AIR_VERSION, MESSAGE_LIMIT_OCTETS } from './limits.ts';
import type { AirMessage, AirMessageOf } from './messages.ts';
import type { AirTransport } from './transport.ts';

/** How a process joins. */
export interface JoinOptions {
  /** The hub's token: 32 octets. */
  readonly token: Uint8Array;
  /** Who this is to the simulation, such as a gateway's id; at most 64 characters. */
  readonly name: string;
  /** Simulation commands for a lock that this process serves. What it throws goes back as the error's text. */
  readonly onControl?: (command: { fault: string; identifier: string; value: string }) => void | Promise<void>;
  /** A card is held to the reader of a lock that this process serves; without this no card is answered. */
  readonly onCard?: (reader: string, contact: CardContact) => void;
}

/** A peripheral as the hub lists it. */
export type AirPeripheral = AirMessageOf<'peripherals'>['peripherals'][number];

/** A place on the hub's air. */
export interface Air {
  readonly radio: Radio;
  /** A simulation command for a lock. @throws AirError `refused` with the hub's words, `closed` */
  control(fault: string, identifier: string, value: string): Promise<void>;
  /**
   * Holds a card to the reader of the lock with this name; what it resolves with takes the card away.
   * @throws AirError `refused` with the hub's words, `closed`
   */
  present(reader: string, card: ContactlessCard): Promise<() => void>;
  /** The peripherals on the air. @throws AirError `closed` */
  peripherals(): Promise<readonly AirPeripheral[]>;
  /** Called once when the hub is gone: every link has ended, nothing is scanned or served any more. */
  onClose(listener: (reason: string) => void): void;
  close(): void;
}

interface Pending<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

interface Central {
  readonly notify: Map<string, ((value: Uint8Array) => void)[]>;
  readonly ended: (() => void)[];
}

/** Joins a hub's air over an octet pipe. @throws AirError `refused` (a wrong token), `closed`, `malformed` */
export function joinAir(transport: AirTransport, options: JoinOptions): Promise<Air> {
  const stream = new AirStream(MESSAGE_LIMIT_OCTETS);
  const peripherals = new Map<number, PeripheralHandler>();
  const servedLinks = new Map<number, { handler: PeripheralHandler; link: PeripheralLink }>();
  const scans = new Map<number, (report: AdvertisementReport) => void>();
  const connecting = new Map<number, Pending<CentralLink> & { address: string }>();
  const writing = new Map<number, Pending<void> & { link: number }>();
  const centrals = new Map<number, Central>();
  const answers = new Map<number, Pending<void>>();
  const listings = new Map<number, Pending<readonly AirPeripheral[]>>();
  const closeListeners: ((reason: string) => void)[] = [];
  let closedBy: string | undefined;
  let nextId = 1;

  const send = (message: AirMessage): void => {
    const framed = frameAirMessage(message);
    if (closedBy === undefined) transport.send(framed);
  };
  const newId = (): number => nextId++;
  const cards = createCards(send, options.onCard);

  const endLink = (link: number, end: 'central' | 'peripheral'): void => {
    if (end === 'peripheral') {
      const served = servedLinks.get(link);
      servedLinks.delete(link);
      served?.handler.disconnected(served.link);
      return;
    }
    const central = centrals.get(link);
    centrals.delete(link);
    for (const [id, pending] of writing) {
      if (pending.link !== link) continue;
      writing.delete(id);
      pending.reject(new RadioError('disconnected', 'the link ended'));
    }
    for (const listener of central?.ended ?? []) listener();
  };

  const shut = (reason: string): void => {
    if (closedBy !== undefined) return;
    closedBy = reason;
    transport.close();
    for (const link of [...centrals.keys()]) endLink(link, 'central');
    for (const link of [...servedLinks.keys()]) endLink(link, 'peripheral');
    cards.end();
    for (const { reject } of connecting.values()) reject(new RadioError('closed', reason));
    for (const { reject } of [...answers.values(), ...listings.values()]) reject(new AirError('closed', reason));
    scans.clear();
    for (const listener of closeListeners) listener(reason);
  };

  const serve = (
    service: GattService,
    handler: PeripheralHandler,
    { name, bluetooth, mtu }: PeripheralOptions,
  ): Peripheral => {
    const id = newId();
    send({ kind: 'serve', id, name, bluetooth, mtu, service: service.uuid, characteristics: service.characteristics });
    peripherals.set(id, handler);
    return {
      advertise(advertisement) {
        if (advertisement === undefined) send({ kind: 'stop-advertising', id });
        else send({ kind: 'advertise', id, address: advertisement.address, data: advertisement.data });
      },
      close() {
        peripherals.delete(id);
        send({ kind: 'unserve', id });
      },
    };
  };

  const centralLink = (link: number, address: string, mtu: number): CentralLink => {
    const state: Central = { notify: new Map(), ended: [] };
    centrals.set(link, state);
    return {
      address,
      mtu,
      write: (characteristic, value) =>
        new Promise((resolve, reject) => {
          if (!centrals.has(link)) throw new RadioError('disconnected', 'the link ended');
          const id = newId();
          send({ kind: 'write', id, link, characteristic, value });
          writing.set(id, { resolve, reject, link });
        }),
      onNotify(characteristic, listener) {
        const known = state.notify.get(characteristic);
        if (known !== undefined) known.push(listener);
        else {
          state.notify.set(characteristic, [listener]);
          send({ kind: 'subscribe', link, characteristic });
        }
      },
      onDisconnect(listener) {
        if (centrals.has(link)) state.ended.push(listener);
        else void Promise.resolve().then(listener);
      },
      disconnect() {
        if (centrals.has(link)) send({ kind: 'disconnect', link, end: 'central' });
      },
    };
  };

  const radio: Radio = {
    serve,
    scan(services, onReport) {
      const id = newId();
      send({ kind: 'scan', id, services });
      scans.set(id, onReport);
      return () => {
        if (scans.delete(id)) send({ kind: 'unscan', id });
      };
    },
    connect: (address, { timeoutMs }) =>
      new Promise((resolve, reject) => {
        if (closedBy !== undefined) throw new RadioError('closed', closedBy);
        const id = newId();
        send({ kind: 'connect', id, address, timeoutMs });
        connecting.set(id, { resolve, reject, address });
      }),
  };

  const take = <T>(map: Map<number, T>, id: number): T | undefined => {
    const found = map.get(id);
    map.delete(id);
    return found;
  };
  const failed = (code: RadioErrorCode, detail: string): RadioError => new RadioError(code, detail);

  const obey = async ({ id, ...command }: AirMessageOf<'control'>): Promise<void> => {
    try {
      if (options.onControl === undefined) throw new AirError('refused', 'this process takes no simulation commands');
      await options.onControl(command);
      send({ kind: 'answer', id, ok: true, detail: '' });
    } catch (error) {
      send({ kind: 'answer', id, ok: false, detail: printableDetail(error) });
    }
  };

  const received = (message: AirMessage): void => {
    switch (message.kind) {
      case 'report': {
        const { kind: _, id, ...report } = message;
        scans.get(id)?.(report);
        return;
      }
      case 'connected': {
        const pending = take(connecting, message.id);
        pending?.resolve(centralLink(message.link, pending.address, message.mtu));
        return;
      }
      case 'connect-failed':
        take(connecting, message.id)?.reject(failed(message.code, message.detail));
        return;
      case 'write-acknowledged':
        take(writing, message.id)?.resolve();
        return;
      case 'write-failed':
        take(writing, message.id)?.reject(failed(message.code, message.detail));
        return;
      case 'notified':
        for (const listener of centrals.get(message.link)?.notify.get(message.characteristic) ?? [])
          listener(message.value);
        return;
      case 'accepted': {
        const handler = peripherals.get(message.id);
        if (handler === undefined) return;
        const { link: id, mtu } = message;
        const link: PeripheralLink = {
          id,
          mtu,
          notify(characteristic, value) {
            if (value.length > mtu - 3)
              throw failed('unsupported', `${value.length} octets do not fit an MTU of ${mtu}`);
            if (servedLinks.has(id)) send({ kind: 'notify', link: id, characteristic, value });
          },
          disconnect() {
            if (servedLinks.has(id)) send({ kind: 'disconnect', link: id, end: 'peripheral' });
          },
        };
        servedLinks.set(id, { handler, link });
        handler.connected(link);
        return;
      }
      case 'written': {
        const served = servedLinks.get(message.link);
        served?.handler.written(served.link, message.characteristic, message.value);
        return;
      }
      case 'link-ended':
        endLink(message.link, message.end);
        return;
      case 'answer': {
        const pending = take(answers, message.id);
        if (message.ok) pending?.resolve();
        else pending?.reject(new AirError('refused', message.detail));
        return;
      }
      case 'peripherals':
        take(listings, message.id)?.resolve(message.peripherals);
        return;
      case 'apdu':
      case 'apdu-response':
      case 'card-held':
      case 'card-gone':
        cards.received(message);
        return;
      case 'control':
        void obey(message);
        return;
      case 'refused':
        shut(message.detail);
        return;
      default:
        throw new AirError('unexpected', `the hub sent ${message.kind}`);
    }
  };

  const air: Air = {
    radio,
    control: (fault, identifier, value) =>
      new Promise((resolve, reject) => {
        if (closedBy !== undefined) throw new AirError('closed', closedBy);
        const id = newId();
        send({ kind: 'control', id, fault, identifier, value });
        answers.set(id, { resolve, reject });
      }),
    async present(reader, card) {
      if (closedBy !== undefined) throw new AirError('closed', closedBy);
      const id = newId();
      // It answers before the hub's answer is here: the reader may be quicker.
      cards.hold(id, card);
      try {
        await new Promise<void>((resolve, reject) => {
          answers.set(id, { resolve, reject });
          send({ kind: 'present', id, reader });
        });
      } catch (error) {
        cards.withdraw(id);
        throw error;
      }
      return () => cards.withdraw(id);
    },
    peripherals: () =>
      new Promise((resolve, reject) => {
        if (closedBy !== undefined) throw new AirError('closed', closedBy);
        const id = newId();
        send({ kind: 'list', id });
        listings.set(id, { resolve, reject });
      }),
    onClose(listener) {
      if (closedBy === undefined) closeListeners.push(listener);
      else listener(closedBy);
    },
    close: () => shut('left the air'),
  };

  return new Promise((resolve, reject) => {
    let joined = false;
    const end = (reason: string, error: AirError): void => {
      shut(reason);
      if (!joined) reject(error);
    };
    transport.onClose(() => end('the hub hung up', new AirError('closed', 'the hub hung up')));
    transport.onData((octets) => {
      try {
        stream.push(octets);
        for (let message = stream.next(); message !== undefined && closedBy === undefined; message = stream.next()) {
          if (joined) received(message);
          else if (message.kind === 'welcome' && message.version === AIR_VERSION) {
            joined = true;
            resolve(air);
          } else if (message.kind === 'refused') {
            end(message.detail, new AirError('refused', message.detail));
          } else throw new AirError('unexpected', `the hub sent ${message.kind} before its welcome`);
        }
      } catch (error) {
        if (!(error instanceof AirError)) throw error;
        end(error.message, error);
      }
    });
    send({ kind: 'hello', version: AIR_VERSION, token: options.token, name: options.name });
  });
}

/** An error's message as text of the protocol: printable ASCII, cut to its limit. */
export function printableDetail(error: unknown): string {
  const text = error instanceof Error ? error.message : 'failed';
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
