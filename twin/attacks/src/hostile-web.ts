import { chromiumMissing } from '@cardea/twin-browser';
import { type Attack, type AttackResult, resultOf, type Trial } from './attack.ts';
import { addresses, messages } from './web/addresses.ts';
import { foreignReads } from './web/foreign-reads.ts';
import { forgedRequests } from './web/forged-requests.ts';
import { framing } from './web/framing.ts';
import { makeHostileEstate } from './web/hostile-estate.ts';
import { injection } from './web/injection.ts';
import { namesAsText } from './web/names-as-text.ts';
import { openScene } from './web/scene.ts';
import { sessionSecret } from './web/session-secret.ts';
import { within } from './web/within.ts';

/** All of it takes less than a minute; a busy machine is several times slower. */
const MOST_MS = 270_000;

/**
 * Attack 43: the web. A person signs in to the web apps with a real Chromium, on an estate of which everything has a
 * hostile name, and has pages of other sites open beside them.
 */
export const hostileWeb: Attack = {
  id: 43,
  title: 'web: script in names, requests forged by other sites, framing, sockets and reads across origins',
  weakDouble:
    'a door without a policy or a rule of whose page asks, with a session that scripts read and other sites send along, ' +
    'and pages that write names as markup; there, every single part has to get through',
  missing: () =>
    chromiumMissing()
      ? 'there is no Chromium on this machine (set CHROMIUM to its path, or REQUIRE_PEERS=1 to fail)'
      : undefined,
  async run({ weak }) {
    const endsAt = Date.now() + MOST_MS;
    const inTime = <T>(what: string, work: () => Promise<T>): Promise<T> =>
      within(`attack 43, ${what}`, Math.max(endsAt - Date.now(), 0), work);
    const scene = await openScene(weak, inTime);
    try {
      const estate = await inTime('an estate of hostile names', () => makeHostileEstate(scene.api));
      const answer = await inTime('the sign-in', scene.signIn);
      const parts: Readonly<Record<string, () => Promise<readonly Trial[]>>> = {
        'names as text': () => namesAsText(scene, estate),
        'the session': () => sessionSecret(scene, answer),
        injection: () => injection(scene),
        addresses: () => addresses(scene),
        messages: () => messages(scene),
        framing: () => framing(scene),
        'foreign reads': () => foreignReads(scene),
        'forged requests': () => forgedRequests(scene, estate),
      };
      const trials: Trial[] = [];
      for (const [what, part] of Object.entries(parts)) trials.push(...(await inTime(what, part)));
      return weak ? everyPartOf(trials) : resultOf(trials);
    } finally {
      await scene.close();
    }
  },
};

/** Against the double, a part that does not get through would show nothing of the product either. */
function everyPartOf(trials: readonly Trial[]): AttackResult {
  const result = resultOf(trials);
  return { ...result, succeeded: result.through === trials.length };
}
