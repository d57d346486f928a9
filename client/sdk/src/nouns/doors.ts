import type { Attempt, BodyOf, Door, LockMode, Position, QueryOf } from '@cardea/wire-api';
import { listing, type Noun } from '../listing.ts';
import type { RequestOptions, Transport } from '../transport.ts';
import type { AttemptsClient, UntilOverOptions } from './attempts.ts';

/** What is asked of a door. */
export type DoorOperation = 'unlock' | 'lock' | 'status';

/** How a command is started and followed. */
export interface OperateOptions extends RequestOptions {
  /** Seconds after which the command must not act any more. */
  readonly timeToLiveS?: number | undefined;
  /** Where the phone says that it is, for a grant that asks for it. */
  readonly position?: Position | undefined;
}

/** Doors, and the commands at them. */
export interface DoorsClient {
  readonly doors: Noun<Door, QueryOf<'GET /v1/doors'>, BodyOf<'POST /v1/doors'>> & {
    /** Changes what is named: the door's name, its floor, what it is for. */
    change(id: string, change: BodyOf<'PATCH /v1/doors/{id}'>, options?: RequestOptions): Promise<Door>;
    /** Starts binding a lock to the door; the attempt waits for the confirmation at the lock. */
    enrol(id: string, identifier: string, options?: RequestOptions): Promise<Attempt>;
    /** Starts a command at the door's lock: the attempt as it begins. */
    start(id: string, operation: DoorOperation, options?: OperateOptions): Promise<Attempt>;
    /** Starts opening although privacy or a lockdown is on; the reason is on record for good. */
    override(id: string, reason: string, options?: OperateOptions): Promise<Attempt>;
    /** Starts setting the lock's mode; `until` ends it by the lock's own clock. */
    setMode(id: string, mode: LockMode, until?: string | null, options?: RequestOptions): Promise<Attempt>;
  };
  /** Unlocks a door and follows the attempt to its end: look at `state`, it need not have succeeded. */
  unlock(doorId: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
  /** Locks a door and follows the attempt to its end. */
  lock(doorId: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
  /** Asks a door's lock for its state and follows the attempt to its end. */
  status(doorId: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
  /** Unlocks a door although privacy is on or the lock is in lockdown, and follows the attempt to its end. */
  override(doorId: string, reason: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
}

/** {@link DoorsClient} over a transport; attempts are followed by `untilOver`. */
export function doorsClient({ call }: Transport, { untilOver }: AttemptsClient['attempts']): DoorsClient {
  const start: DoorsClient['doors']['start'] = (id, operation, { timeToLiveS, position, ...more } = {}) =>
    call(`POST /v1/doors/{id}/${operation}`, { params: { id }, body: within(timeToLiveS, position) }, more);

  const override: DoorsClient['doors']['override'] = (id, reason, { timeToLiveS, position, ...more } = {}) =>
    call('POST /v1/doors/{id}/override', { params: { id }, body: { reason, ...within(timeToLiveS, position) } }, more);

  const operate =
    (operation: DoorOperation): DoorsClient['unlock'] =>
    async (doorId, more = {}) =>
      untilOver(await start(doorId, operation, more), more);

  return {
    doors: {
      ...listing((query, more) => call('GET /v1/doors', { query }, more)),
      get: (id, more) => call('GET /v1/doors/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/doors', { body }, more),
      change: (id, body, more) => call('PATCH /v1/doors/{id}', { params: { id }, body }, more),
      remove: (id, more) => call('DELETE /v1/doors/{id}', { params: { id } }, more),
      enrol: (id, identifier, more) =>
        call('POST /v1/doors/{id}/enrol', { params: { id }, body: { identifier } }, more),
      start,
      override,
      setMode: (id, mode, until, more) =>
        call(
          'POST /v1/doors/{id}/mode',
          { params: { id }, body: { mode, ...(until !== undefined && { until }) } },
          more,
        ),
    },
    unlock: operate('unlock'),
    lock: operate('lock'),
    status: operate('status'),
    override: async (doorId, reason, more = {}) => untilOver(await override(doorId, reason, more), more),
  };
}

const within = (timeToLiveS: number | undefined, position: Position | undefined) => ({
  ...(timeToLiveS !== undefined && { time_to_live_s: timeToLiveS }),
  ...(position !== undefined && { position }),
});
