import type { CardContact, ContactlessCard } from '@cardea/kit-radio';
import type { Clock } from '@cardea/kit-runtime';
import { remoteCard } from '@cardea/wire-air';

/** 106 kbit/s with start, stop and parity of each octet, in both directions alike (ISO/IEC 14443-2, 14443-3). */
const MS_PER_OCTET = 0.095;
/** From the end of a frame to the next one, and what a chip works before it answers. */
const TURN_MS = 2;

/** A card in the field of a reader. */
export interface HeldCard {
  /** What the reader has of it. */
  readonly contact: CardContact;
  /** The card is taken away. */
  withdraw(): void;
  /** The reader is gone, and its field with it. */
  fieldGone(): void;
}

/** Holds a card into a reader's field: its APDUs take the time of the air. */
export function holdCard(clock: Clock, card: ContactlessCard): HeldCard {
  let inField = true;
  const contact = remoteCard((command) => {
    const asked = command.slice();
    clock.after(airMs(asked), () => {
      if (inField) card.respond(asked).then(answer, failed);
    });
  });
  const answer = (response: Uint8Array): void => {
    clock.after(airMs(response), () => {
      if (inField) contact.responded(response.slice());
    });
  };
  // A chip that fails is a card that is not there any more.
  const failed = (): void => withdraw();
  const withdraw = (): void => {
    if (!inField) return;
    inField = false;
    contact.end();
  };
  return {
    contact,
    withdraw,
    fieldGone() {
      if (!inField) return;
      withdraw();
      card.left();
    },
  };
}

function airMs(octets: Uint8Array): number {
  return TURN_MS + octets.length * MS_PER_OCTET;
}
