import type { Actor } from '../actor.ts';
import type { PageRequest } from '../ports.ts';
import type { OwnDoor } from './own-door.ts';

/** What everybody with `access:use` has of his own. */
export interface OwnUseCases {
  /** The doors that the actor's active grants reach, in the order of their ids: everything that his phone shows of them. */
  doors(actor: Actor, page: PageRequest): Promise<readonly OwnDoor[]>;
}
