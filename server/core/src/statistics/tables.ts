import type { Attempt, Event } from '../model.ts';

/** A place in what happened: after the event `id` at the moment `at` (Unix ms). */
export interface After {
  readonly at: number;
  readonly id: string;
}

/** What a count needs of an event. */
export type CountedEvent = Pick<Event, 'id' | 'lockId' | 'doorId' | 'gatewayId' | 'detail'> & {
  /** When it happened by the lock's clock; where the lock had none, when it was received. Unix ms. */
  readonly at: number;
};

/** What a count needs of an attempt. */
export type CountedAttempt = Pick<
  Attempt,
  'id' | 'doorId' | 'operation' | 'state' | 'reason' | 'createdAt' | 'endedAt'
>;

/** Ranges of the record for counting: each is read along an index, at most `limit` rows at once. */
export interface StatisticsTables {
  readonly statistics: {
    /** Events of one type at a property, in the order in which they happened, before the moment `before`. */
    happened(
      of: Pick<Event, 'organizationId' | 'type'> & { readonly propertyId: string },
      range: { readonly after: After; readonly before: number },
      limit: number,
    ): Promise<readonly CountedEvent[]>;
    /** Attempts of an organization between two ids, in their order. */
    attempted(
      organizationId: string,
      range: { readonly after: string; readonly before: string },
      limit: number,
    ): Promise<readonly CountedAttempt[]>;
    /** What a door's lock newly proved, between two ids of events, in the order of receipt. */
    stateChanges(
      of: { readonly organizationId: string; readonly doorId: string },
      range: { readonly after: string; readonly before: string },
      limit: number,
    ): Promise<readonly Pick<Event, 'id' | 'lockId' | 'receivedAt' | 'detail'>[]>;
  };
}
