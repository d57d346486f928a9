import { toHex } from '@cardea/kit-octets';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';

const CHALLENGE_OCTETS = 32;
/** Somebody may have to lay a card on a reader meanwhile. */
export const CHALLENGE_LIFE_MS = 5 * 60_000;
const OF_ACTOR_MOST = 8;

/** Challenges that a phone signs to show that it holds its private key; each works once. A restart forgets them. */
export interface Challenges {
  /** @throws CoreError `too_many` */
  make(actor: Actor): { readonly challenge: Uint8Array; readonly expiresAt: number };
  /** @throws CoreError `gone` for one that was not made for this actor, was used, or is over */
  take(actor: Actor, challenge: Uint8Array): void;
}

/** No challenge is open. */
export function createChallenges(context: Context): Challenges {
  const open = new Map<string, { readonly actor: string; readonly expiresAt: number }>();
  const nameOf = ({ organizationId, personId }: Actor): string => `${organizationId} ${personId}`;
  const forgetOld = (): void => {
    for (const [challenge, { expiresAt }] of open) {
      // In the order in which they were made.
      if (expiresAt > context.now()) return;
      open.delete(challenge);
    }
  };
  return {
    make(actor) {
      forgetOld();
      const own = [...open.values()].filter((one) => one.actor === nameOf(actor));
      if (own.length >= OF_ACTOR_MOST) {
        throw new CoreError('too_many', `${OF_ACTOR_MOST} challenges are open already`, { retryAfterS: 60 });
      }
      const challenge = context.ports.random.octets(CHALLENGE_OCTETS);
      const expiresAt = context.now() + CHALLENGE_LIFE_MS;
      open.set(toHex(challenge), { actor: nameOf(actor), expiresAt });
      return { challenge, expiresAt };
    },
    take(actor, challenge) {
      forgetOld();
      const name = toHex(challenge);
      const known = open.get(name);
      if (known?.actor === nameOf(actor)) open.delete(name);
      else throw new CoreError('gone', 'the challenge is not open: ask for another', { field: 'challenge' });
    },
  };
}
