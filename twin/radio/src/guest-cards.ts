import { type CardContact, type ContactlessCard, RadioError } from '@cardea/kit-radio';
import { AirError, type AirMessage, type AirMessageOf } from '@cardea/wire-air';
import type { HeldCard } from './field.ts';

/** Cards that one process may hold at once, and that may be at its readers. */
const CARDS_LIMIT = 8;

/** The cards of one process at the hub: those that it holds, and those at readers of its locks. */
export interface GuestCards {
  present(message: AirMessageOf<'present'>): void;
  withdraw(id: number): void;
  apdu(message: AirMessageOf<'apdu'>): Promise<void>;
  response(message: AirMessageOf<'apdu-response'>): void;
  /** A card is at a reader of this process. */
  heldTo(reader: string, contact: CardContact): void;
  /** The process is gone: its cards leave their fields; the fields of its readers end elsewhere. */
  leave(): void;
}

/** `hold` brings a card to the reader of a lock, wherever that is. @throws AirError from `hold` */
export function createGuestCards(
  send: (message: AirMessage) => void,
  hold: (reader: string, card: ContactlessCard) => HeldCard,
): GuestCards {
  const mine = new Map<number, { held?: HeldCard; answer?: (response: Uint8Array) => void }>();
  const atReaders = new Map<number, CardContact>();
  let nextCard = 1;

  const answered = (id: number, ok: boolean, detail: string): void => send({ kind: 'answer', id, ok, detail });

  return {
    present({ id, reader }) {
      if (mine.has(id)) throw new AirError('refused', `card ${id} is held already`);
      if (mine.size >= CARDS_LIMIT) throw new AirError('refused', `at most ${CARDS_LIMIT} cards at once`);
      const entry: { held?: HeldCard; answer?: (response: Uint8Array) => void } = {};
      mine.set(id, entry);
      try {
        entry.held = hold(reader, {
          respond: (value) =>
            new Promise((resolve) => {
              entry.answer = resolve;
              send({ kind: 'apdu', card: id, value });
            }),
          left() {
            if (mine.delete(id)) send({ kind: 'card-gone', card: id, end: 'card' });
          },
        });
        answered(id, true, '');
      } catch (error) {
        if (!(error instanceof AirError)) throw error;
        mine.delete(id);
        answered(id, false, error.message);
      }
    },
    withdraw(id) {
      const entry = mine.get(id);
      mine.delete(id);
      entry?.held?.withdraw();
    },
    async apdu({ card, value }) {
      try {
        const response = await atReaders.get(card)?.transceive(value);
        if (response !== undefined) send({ kind: 'apdu-response', card, value: response });
      } catch (error) {
        // That it has left is told by `card-gone`; a second command before the answer to the first gets none.
        if (!(error instanceof RadioError)) throw error;
      }
    },
    response({ card, value }) {
      const entry = mine.get(card);
      const answer = entry?.answer;
      if (entry === undefined || answer === undefined) return;
      delete entry.answer;
      answer(value);
    },
    heldTo(reader, contact) {
      if (atReaders.size >= CARDS_LIMIT) throw new AirError('refused', 'too many cards at the readers of this process');
      const card = nextCard++;
      atReaders.set(card, contact);
      send({ kind: 'card-held', card, reader });
      contact.onGone(() => {
        atReaders.delete(card);
        send({ kind: 'card-gone', card, end: 'reader' });
      });
    },
    leave() {
      for (const { held } of mine.values()) held?.withdraw();
      mine.clear();
      atReaders.clear();
    },
  };
}
