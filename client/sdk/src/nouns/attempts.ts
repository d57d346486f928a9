import type { Attempt, Position, QueryOf } from '@cardea/wire-api';
import { type Listing, listing } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';

/** How an attempt is followed to its end. */
export interface UntilOverOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of the attempt as it was after each answer of the server, the first and the last included. */
  readonly onProgress?: ((attempt: Attempt) => void) | undefined;
}

/** Attempts: what became of each command. */
export interface AttemptsClient {
  readonly attempts: Listing<Attempt, QueryOf<'GET /v1/attempts'>> & {
    /** The attempt; with `waitS` (at most 30) once it is over, or as it is by then. */
    get(id: string, waitS?: number, options?: RequestOptions): Promise<Attempt>;
    /** As the second person whom its grant asks for, lets an attempt go. */
    confirm(id: string, position?: Position, options?: RequestOptions): Promise<Attempt>;
    /** Follows an attempt until it is over. */
    untilOver(attempt: Attempt, options?: UntilOverOptions): Promise<Attempt>;
  };
}

/** {@link AttemptsClient} over a transport. */
export function attemptsClient({ call }: Transport): AttemptsClient {
  const untilOver: AttemptsClient['attempts']['untilOver'] = async (attempt, { signal, onProgress } = {}) => {
    let now = attempt;
    onProgress?.(now);
    while (now.state === 'pending' || now.state === 'sent') {
      now = await call('GET /v1/attempts/{id}', { params: { id: now.id }, query: { wait_s: 25 } }, { signal });
      onProgress?.(now);
    }
    return now;
  };

  return {
    attempts: {
      ...listing((query, more) => call('GET /v1/attempts', { query }, more)),
      get: (id, waitS = 0, more = {}) =>
        call('GET /v1/attempts/{id}', { params: { id }, query: { wait_s: waitS } }, more),
      confirm: (id, position, more) =>
        call(
          'POST /v1/attempts/{id}/confirm',
          { params: { id }, body: position === undefined ? {} : { position } },
          more,
        ),
      untilOver,
    },
  };
}
