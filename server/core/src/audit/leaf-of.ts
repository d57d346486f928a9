import type { Primitives } from '@cardea/kit-crypto';
import { commit, type Leaf, personTag, type Told } from '@cardea/wire-audit';
import type { Event } from '../model.ts';

/** What the commitment `about` of an event opens to. */
export function aboutOf(event: Event): Readonly<Record<string, string | null>> {
  return {
    attempt: event.attemptId,
    door: event.doorId,
    gateway: event.gatewayId,
    person: event.personId,
    property: event.propertyId,
  };
}

/** An event as it stands in the log. The person's key is not needed where there is no person, or it was erased. */
export function leafOf(
  primitives: Primitives,
  event: Event,
  salt: Uint8Array,
  personKey: Uint8Array | undefined,
): Leaf {
  return {
    id: event.id,
    type: event.type,
    receivedAt: event.receivedAt,
    occurredAt: event.occurredAt,
    lock: event.lockId,
    sequence: event.lockSequence,
    person: personKey === undefined ? null : personTag(primitives, personKey),
    about: commit(primitives, salt, 'about', aboutOf(event)),
    detail: commit(primitives, salt, 'detail', event.detail),
    told: toldOf(event),
  };
}

/** The log's own events are told to whoever holds it: they are of the log alone, never of a person. */
function toldOf(event: Event): Told | null {
  if (!event.type.startsWith('audit.')) return null;
  const told: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(event.detail)) {
    if (typeof value === 'string' || typeof value === 'number') told[name] = value;
  }
  return told;
}
