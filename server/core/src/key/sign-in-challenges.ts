import { concat, equalSecret, fromAscii, Reader, toHex, Writer } from '@cardea/kit-octets';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';

/** How long a phone may take to sign. */
export const SIGN_IN_CHALLENGE_MS = 60_000;
const LABEL = fromAscii('cardea sign-in challenge');
const KEY_OCTETS = 32;
const CHANCE_OCTETS = 16;
const TAG_OCTETS = 32;
/** When it is over. */
const TIME_OCTETS = 6;
/** When it is over (6), chance (16), tag (32). */
export const SIGN_IN_CHALLENGE_OCTETS: number = TIME_OCTETS + CHANCE_OCTETS + TAG_OCTETS;
/** Used challenges that are remembered: far more sign-ins in a minute than there can be. */
const USED_MOST = 100_000;

/**
 * Challenges for phones that begin a session, of which nothing is kept: each says when it is over, under a tag that only this
 * process can make. So whoever asks for a million of them fills nothing. Remembered are those that were used, until they are
 * over by themselves.
 */
export interface SignInChallenges {
  make(): { readonly challenge: Uint8Array; readonly expiresAt: number };
  /** @throws CoreError `gone` for one that was not made here or is over */
  check(challenge: Uint8Array): void;
  /** Uses it up, at once: of two that come together one gets by. @throws CoreError `gone`, `unavailable` */
  use(challenge: Uint8Array): void;
}

/** No challenge was used. A restart makes all former ones void. */
export function createSignInChallenges({ ports, now }: Context): SignInChallenges {
  const used = new Map<string, number>();
  let key: Uint8Array | undefined;
  const tagOf = (body: Uint8Array): Uint8Array => {
    key ??= ports.random.octets(KEY_OCTETS);
    return ports.primitives.hmacSha256(key, LABEL, body);
  };
  const gone = (): CoreError =>
    new CoreError('gone', 'the challenge is not open: ask for another', { field: 'challenge' });
  /** Milliseconds of the process's own clock, which nobody sets. */
  const time = (): number => Math.floor(ports.clock.monotonic());

  const check = (challenge: Uint8Array): number => {
    if (challenge.length !== SIGN_IN_CHALLENGE_OCTETS) throw gone();
    const body = challenge.subarray(0, -TAG_OCTETS);
    if (!equalSecret(challenge.subarray(-TAG_OCTETS), tagOf(body))) throw gone();
    const expiresAt = new Reader(body).uint('expires_at', TIME_OCTETS);
    if (expiresAt <= time() || used.has(toHex(challenge))) throw gone();
    return expiresAt;
  };

  return {
    make() {
      const over = new Writer().uint('expires_at', time() + SIGN_IN_CHALLENGE_MS, TIME_OCTETS).done();
      const body = concat(over, ports.random.octets(CHANCE_OCTETS));
      return { challenge: concat(body, tagOf(body)), expiresAt: now() + SIGN_IN_CHALLENGE_MS };
    },
    check: (challenge) => void check(challenge),
    use(challenge) {
      const expiresAt = check(challenge);
      for (const [one, over] of used) {
        // In the order in which they were used, which is nearly that in which they are over.
        if (over > time()) break;
        used.delete(one);
      }
      if (used.size >= USED_MOST) throw new CoreError('unavailable', 'too many sign-ins at once', { retryAfterS: 60 });
      used.set(toHex(challenge), expiresAt);
    },
  };
}
