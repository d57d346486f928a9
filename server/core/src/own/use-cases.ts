import type { Actor } from '../actor.ts';
import type { Event } from '../model.ts';
import type { PageRequest } from '../ports.ts';
import type { OwnDoor } from './own-door.ts';

/** What of the own events is asked for. */
export interface OwnEventFilter {
  readonly doorId?: string;
  readonly type?: string;
}

/** Events that somebody is to see, with how far he has. */
export interface OwnNotices {
  readonly events: readonly Event[];
  /** Unix ms; 0 before the first time. */
  readonly readUntil: number;
  /** Of the newest hundred. */
  readonly unread: number;
}

/** What everybody with `access:use` has of his own. */
export interface OwnUseCases {
  /** What the actor did, what happened to his doors as a resident, and that his visitors came: of everybody, whatever the scopes. */
  events(actor: Actor, filter: OwnEventFilter, page: PageRequest): Promise<readonly Event[]>;
  /** The newest of it that others did, newest first, with how far the actor has read. */
  notices(actor: Actor, page: PageRequest): Promise<OwnNotices>;
  /** Everything until this moment has been read; never less than before. Answers until when it has. */
  readNotices(actor: Actor, until: number): Promise<number>;
  /** The doors that the actor's active grants reach, in the order of their ids: everything that his phone shows of them. */
  doors(actor: Actor, page: PageRequest): Promise<readonly OwnDoor[]>;
}
