import { equalSecret } from '@cardea/kit-octets';
import {
  type CardContact,
  type CentralLink,
  type ContactlessCard,
  type Peripheral,
  type PeripheralLink,
  RadioError,
} from '@cardea/kit-radio';
import {
  AIR_VERSION,
  AirError,
  type AirMessage,
  type AirMessageOf,
  AirStream,
  type AirTransport,
  frameAirMessage,
  HELLO_LIMIT_OCTETS,
  MESSAGE_LIMIT_OCTETS,
  PERIPHERALS_LIMIT,
  printableDetail,
} from '@cardea/wire-air';
import type { HeldCard } from './field.ts';
import { createGuestCards } from './guest-cards.ts';
import type { Medium } from './medium.ts';

/** What one process may have open on the hub at once. */
export const GUEST_LIMITS = { peripherals: 200, scans: 16, connects: 64, writesPerLink: 64, controls: 64 } as const;

/** What a guest is let in to. */
export interface GuestOptions {
  readonly medium: Medium;
  /** 32 octets. */
  readonly token: Uint8Array;
  /** Carries out a simulation command. What it throws goes back as the error's text. */
  control(command: SimulationCommand): Promise<void>;
  /** Brings a card of this process to the reader of a lock; without it nobody here takes cards. @throws AirError `refused` */
  hold?(reader: string, card: ContactlessCard): HeldCard;
}

/** A simulation command for the lock with this identifier. */
export interface SimulationCommand {
  readonly fault: string;
  readonly identifier: string;
  readonly value: string;
}

/** One process that has joined: the hub's end of `joinAir`. */
export interface Guest {
  readonly name: () => string | undefined;
  /** Whether it serves a peripheral of this name. */
  serves(name: string): boolean;
  /** Hands on a simulation command for a lock of this process. @throws AirError */
  control(command: SimulationCommand): Promise<void>;
  /** A card is at the reader of a lock of this process. @throws AirError `refused` */
  heldTo(reader: string, contact: CardContact): void;
  onGone(listener: () => void): void;
  /** Hangs up. */
  close(): void;
}

/** Lets one process in over a pipe: nothing happens before its token was right; a wrong message ends it with a reason. */
export function welcomeGuest(transport: AirTransport, { medium, token, ...options }: GuestOptions): Guest {
  const stream = new AirStream(HELLO_LIMIT_OCTETS);
  const served = new Map<number, { name: string; peripheral: Peripheral; links: Map<number, PeripheralLink> }>();
  const scans = new Map<number, () => void>();
  const centrals = new Map<number, { link: CentralLink; writes: number }>();
  const answers = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const goneListeners: (() => void)[] = [];
  let radio: ReturnType<Medium['radioFor']> | undefined;
  let guestName: string | undefined;
  let connects = 0;
  let controls = 0;
  let nextCentral = 1;
  let nextCommand = 1;
  let gone = false;

  const send = (message: AirMessage): void => {
    if (!gone) transport.send(frameAirMessage(message));
  };
  const cards = createGuestCards(send, (reader, card) => {
    if (options.hold === undefined) throw new AirError('refused', 'no card is taken on this air');
    return options.hold(reader, card);
  });
  const leave = (): void => {
    if (gone) return;
    gone = true;
    cards.leave();
    for (const stop of scans.values()) stop();
    for (const { link } of centrals.values()) link.disconnect();
    for (const { peripheral } of served.values()) peripheral.close();
    for (const { reject } of answers.values()) reject(new AirError('closed', 'the process left the air'));
    for (const listener of goneListeners) listener();
    transport.close();
  };
  const refuse = (detail: string): void => {
    send({ kind: 'refused', detail });
    leave();
  };
  const within = (count: number, limit: number, what: string): void => {
    if (count >= limit) throw new AirError('refused', `at most ${limit} ${what} at once`);
  };

  const hello = (message: AirMessage): void => {
    if (message.kind !== 'hello') throw new AirError('unexpected', 'the first message must be hello');
    if (!equalSecret(message.token, token)) throw new AirError('refused', 'wrong token');
    if (message.version !== AIR_VERSION) throw new AirError('refused', `version ${message.version} is not spoken here`);
    stream.limitOctets = MESSAGE_LIMIT_OCTETS;
    guestName = message.name;
    radio = medium.radioFor(message.name);
    send({ kind: 'welcome', version: AIR_VERSION });
  };

  const serve = ({ id, name, bluetooth, mtu, service, characteristics }: AirMessageOf<'serve'>): void => {
    if (served.has(id)) throw new AirError('refused', `peripheral ${id} is there already`);
    within(served.size, GUEST_LIMITS.peripherals, 'peripherals');
    const links = new Map<number, PeripheralLink>();
    const peripheral = radio?.serve(
      { uuid: service, characteristics },
      {
        connected(link) {
          links.set(link.id, link);
          send({ kind: 'accepted', id, link: link.id, mtu: link.mtu });
        },
        written: (link, characteristic, value) => send({ kind: 'written', link: link.id, characteristic, value }),
        disconnected(link) {
          links.delete(link.id);
          send({ kind: 'link-ended', link: link.id, end: 'peripheral' });
        },
      },
      { name, bluetooth, mtu },
    );
    if (peripheral !== undefined) served.set(id, { name, peripheral, links });
  };

  const connect = async ({ id, address, timeoutMs }: AirMessageOf<'connect'>): Promise<void> => {
    within(connects, GUEST_LIMITS.connects, 'connections being made');
    connects++;
    try {
      const link = await radio?.connect(address, { timeoutMs });
      if (link === undefined) return;
      if (gone) {
        link.disconnect();
        return;
      }
      const number = nextCentral++;
      centrals.set(number, { link, writes: 0 });
      send({ kind: 'connected', id, link: number, mtu: link.mtu });
      link.onDisconnect(() => {
        centrals.delete(number);
        send({ kind: 'link-ended', link: number, end: 'central' });
      });
    } catch (error) {
      if (!(error instanceof RadioError)) throw error;
      send({ kind: 'connect-failed', id, code: error.code, detail: printableDetail(error) });
    } finally {
      connects--;
    }
  };

  const write = async ({ id, link, characteristic, value }: AirMessageOf<'write'>): Promise<void> => {
    const central = centrals.get(link);
    if (central === undefined) {
      send({ kind: 'write-failed', id, code: 'disconnected', detail: 'the link ended' });
      return;
    }
    within(central.writes, GUEST_LIMITS.writesPerLink, 'writes on a link');
    central.writes++;
    try {
      await central.link.write(characteristic, value);
      send({ kind: 'write-acknowledged', id });
    } catch (error) {
      if (!(error instanceof RadioError)) throw error;
      send({ kind: 'write-failed', id, code: error.code, detail: printableDetail(error) });
    } finally {
      central.writes--;
    }
  };

  const servedLink = (number: number): PeripheralLink | undefined => {
    for (const { links } of served.values()) {
      const link = links.get(number);
      if (link !== undefined) return link;
    }
    return undefined;
  };

  const obey = async ({ id, fault, identifier, value }: AirMessageOf<'control'>): Promise<void> => {
    within(controls, GUEST_LIMITS.controls, 'commands');
    controls++;
    try {
      await options.control({ fault, identifier, value });
      send({ kind: 'answer', id, ok: true, detail: '' });
    } catch (error) {
      send({ kind: 'answer', id, ok: false, detail: printableDetail(error) });
    } finally {
      controls--;
    }
  };

  const received = async (message: AirMessage): Promise<void> => {
    switch (message.kind) {
      case 'serve':
        serve(message);
        return;
      case 'advertise':
        served.get(message.id)?.peripheral.advertise({ address: message.address, data: message.data });
        return;
      case 'stop-advertising':
        served.get(message.id)?.peripheral.advertise(undefined);
        return;
      case 'unserve':
        served.get(message.id)?.peripheral.close();
        served.delete(message.id);
        return;
      case 'scan': {
        const { id } = message;
        if (scans.has(id)) throw new AirError('refused', `scan ${id} is there already`);
        within(scans.size, GUEST_LIMITS.scans, 'scans');
        const stop = radio?.scan(message.services, (report) => send({ kind: 'report', id, ...report }));
        if (stop !== undefined) scans.set(id, stop);
        return;
      }
      case 'unscan':
        scans.get(message.id)?.();
        scans.delete(message.id);
        return;
      case 'connect':
        return connect(message);
      case 'write':
        return write(message);
      case 'subscribe': {
        const { link, characteristic } = message;
        centrals
          .get(link)
          ?.link.onNotify(characteristic, (value) => send({ kind: 'notified', link, characteristic, value }));
        return;
      }
      case 'notify':
        servedLink(message.link)?.notify(message.characteristic, message.value);
        return;
      case 'disconnect':
        if (message.end === 'central') centrals.get(message.link)?.link.disconnect();
        else servedLink(message.link)?.disconnect();
        return;
      case 'list':
        send({ kind: 'peripherals', id: message.id, peripherals: medium.peripherals().slice(0, PERIPHERALS_LIMIT) });
        return;
      case 'present':
        cards.present(message);
        return;
      case 'withdraw':
        cards.withdraw(message.id);
        return;
      case 'apdu':
        return cards.apdu(message);
      case 'apdu-response':
        cards.response(message);
        return;
      case 'control':
        return obey(message);
      case 'answer': {
        const pending = answers.get(message.id);
        answers.delete(message.id);
        if (message.ok) pending?.resolve();
        else pending?.reject(new AirError('refused', message.detail));
        return;
      }
      default:
        throw new AirError('unexpected', `a process does not send ${message.kind}`);
    }
  };

  const failed = (error: unknown): void => {
    // A peer's mistake ends its stay; anything else is ours, and must be seen.
    if (error instanceof AirError || error instanceof RadioError) refuse(printableDetail(error));
    else {
      refuse('the hub failed');
      throw error;
    }
  };

  transport.onClose(leave);
  transport.onData((octets) => {
    try {
      stream.push(octets);
      for (let message = stream.next(); message !== undefined && !gone; message = stream.next()) {
        if (radio === undefined) hello(message);
        else received(message).catch(failed);
      }
    } catch (error) {
      failed(error);
    }
  });

  return {
    name: () => guestName,
    serves: (name) => [...served.values()].some((one) => one.name === name),
    control: (command) =>
      new Promise((resolve, reject) => {
        if (gone) throw new AirError('closed', 'the process left the air');
        within(answers.size, GUEST_LIMITS.controls, 'commands');
        const id = nextCommand++;
        answers.set(id, { resolve, reject });
        send({ kind: 'control', id, ...command });
      }),
    heldTo: cards.heldTo,
    onGone: (listener) => goneListeners.push(listener),
    close: () => refuse('the hub is closing'),
  };
}
