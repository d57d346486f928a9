import type { Role } from './model.ts';
import type { Scope } from './ports.ts';

/** Who asks: a signed-in person or one of its API tokens. */
export interface Actor {
  readonly organizationId: string;
  readonly personId: string;
  readonly tokenId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly mustChangePassword: boolean;
  /** How the session began: by what the person has proved, or by a phone's key alone. Left out of API tokens. */
  readonly session?: 'person' | 'phone';
  /** The organization asks for a second factor, and the person has none yet. */
  readonly mustAddSecondFactor?: boolean;
}

/**
 * Looks at a thing as it is in the very transaction that is about to change it, and throws to refuse: nothing can come
 * between the look and the change.
 */
export type Precondition<T> = (current: T) => void;
