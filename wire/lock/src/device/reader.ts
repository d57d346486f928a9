import { IDLE_READER, type ReaderEffect, type ReaderInput, stepReader } from '@cardea/wire-access';
import { lockIdOf } from '../key-agreement.ts';
import type { KeyVia } from './exchange.ts';
import { dropExchanges, receiveKeyMessage } from './offline-key.ts';
import type { Work } from './work.ts';

/** The card at the reader, as an offline exchange has it. */
const CARD: KeyVia = { link: undefined };

/** A card is at the reader of a bound lock: it is asked for its key, never for who it is. */
export function cardPresented(work: Work): void {
  cardGone(work);
  const { record, identity } = work.state;
  if (record.active === undefined || identity.suite === 'legacy') return;
  feed(work, { kind: 'presented', lockId: lockIdOf(identity.identifier), operation: 'unlock' });
}

/** The card's response. @throws AccessError when the message in it is malformed */
export function cardAnswered(work: Work, octets: Uint8Array): void {
  feed(work, { kind: 'answered', octets });
}

/** The card has left the field: what was not decided is nothing. */
export function cardGone(work: Work): void {
  dropExchanges(work, CARD);
  work.update({ reader: IDLE_READER });
}

function feed(work: Work, input: ReaderInput): void {
  const { state, effects } = stepReader(work.state.reader, input);
  work.update({ reader: state });
  for (const effect of effects) perform(work, effect);
}

function perform(work: Work, effect: ReaderEffect): void {
  switch (effect.kind) {
    case 'command':
      work.emit({ kind: 'card-command', octets: effect.octets });
      return;
    case 'message':
      receiveKeyMessage(work, CARD, effect.octets);
      return;
    case 'over':
    case 'refused':
      // A card that is none of ours, or holds no key for this lock, has shown nothing that could be denied.
      return;
  }
}
