import { APDU_LIMIT_OCTETS, type CardContact, type ContactlessCard, RadioError } from '@cardea/kit-radio';
import type { AirMessage, AirMessageOf } from './messages.ts';

/** Messages about cards that a hub sends to a process. */
export type CardMessage = AirMessageOf<'apdu' | 'apdu-response' | 'card-held' | 'card-gone'>;

/** The cards of one process: those that it holds to readers, and those that are held to the readers of its locks. */
export interface Cards {
  /** The card of the `present` with this id answers from now on. */
  hold(id: number, card: ContactlessCard): void;
  /** That card is taken away. */
  withdraw(id: number): void;
  received(message: CardMessage): void;
  /** The hub is gone: no card is in any field. */
  end(): void;
}

/** Cards over a hub. `onCard` is told of each card at a reader of this process. */
export function createCards(
  send: (message: AirMessage) => void,
  onCard: ((reader: string, contact: CardContact) => void) | undefined,
): Cards {
  const held = new Map<number, ContactlessCard>();
  const contacts = new Map<number, RemoteCard>();

  const respond = async ({ card: id, value }: AirMessageOf<'apdu'>): Promise<void> => {
    const response = await held.get(id)?.respond(value);
    // A card that was taken away meanwhile says nothing more.
    if (response !== undefined && held.has(id)) send({ kind: 'apdu-response', card: id, value: response });
  };

  const gone = ({ card, end }: Pick<AirMessageOf<'card-gone'>, 'card' | 'end'>): void => {
    if (end === 'card') {
      const mine = held.get(card);
      held.delete(card);
      mine?.left();
    } else {
      const contact = contacts.get(card);
      contacts.delete(card);
      contact?.end();
    }
  };

  return {
    hold: (id, card) => void held.set(id, card),
    withdraw(id) {
      if (held.delete(id)) send({ kind: 'withdraw', id });
    },
    received(message) {
      switch (message.kind) {
        case 'apdu':
          void respond(message);
          return;
        case 'apdu-response':
          contacts.get(message.card)?.responded(message.value);
          return;
        case 'card-held': {
          const contact = remoteCard((value) => send({ kind: 'apdu', card: message.card, value }));
          contacts.set(message.card, contact);
          onCard?.(message.reader, contact);
          return;
        }
        case 'card-gone':
          gone(message);
      }
    },
    end() {
      for (const card of [...held.keys()]) gone({ card, end: 'card' });
      for (const card of [...contacts.keys()]) gone({ card, end: 'reader' });
    },
  };
}

/** A card whose APDUs cross to somewhere else. */
export interface RemoteCard extends CardContact {
  /** Its response has come; one that nobody waits for is forgotten. */
  responded(response: Uint8Array): void;
  /** It has left the field. */
  end(): void;
}

/** The reader's end of a card to which `send` carries command APDUs. */
export function remoteCard(send: (command: Uint8Array) => void): RemoteCard {
  const listeners: (() => void)[] = [];
  let waiting: { resolve(response: Uint8Array): void; reject(error: RadioError): void } | undefined;
  let open = true;
  return {
    transceive: (command) =>
      new Promise((resolve, reject) => {
        if (!open) throw new RadioError('disconnected', 'the card has left the field');
        if (waiting !== undefined) throw new RadioError('busy', 'a card answers one command at a time');
        if (command.length > APDU_LIMIT_OCTETS) {
          throw new RadioError('unsupported', `a command of ${command.length} octets, at most ${APDU_LIMIT_OCTETS}`);
        }
        waiting = { resolve, reject };
        send(command);
      }),
    onGone(listener) {
      if (open) listeners.push(listener);
      else void Promise.resolve().then(listener);
    },
    responded(response) {
      const one = waiting;
      waiting = undefined;
      one?.resolve(response);
    },
    end() {
      if (!open) return;
      open = false;
      waiting?.reject(new RadioError('disconnected', 'the card has left the field'));
      waiting = undefined;
      for (const listener of listeners) listener();
    },
  };
}
