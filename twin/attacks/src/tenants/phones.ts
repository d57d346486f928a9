import { generateP256, signP256 } from '@cardea/kit-node';
import { CoreError, enrolmentSigned } from '@cardea/server-core';
import type { Trial } from '../attack.ts';
import type { Open, Sides } from './probe.ts';
import { neverWas } from './requests.ts';
import { type Tenant, thingsIn } from './two-tenants.ts';

/**
 * A phone of one's own, rightly proved, for a person of the other tenant: whose keys would then come into the attacker's
 * hand. Each request has a challenge of its own, which is used before anybody is looked for.
 */
export async function phonesForOthers(open: Open, sides: Sides): Promise<readonly Trial[]> {
  const world = await open();
  const { attacker, victim } = sides(world);
  const { core } = world.ras;
  const enrol = async (asker: Tenant, personId: string): Promise<string> => {
    const pair = generateP256();
    const { challenge } = await core.phones.challenge(asker.actor);
    const signature = signP256(pair.privateKey, enrolmentSigned(challenge, pair.publicKey));
    const input = { kind: 'phone', name: 'phone', publicKey: pair.publicKey, challenge, signature, personId } as const;
    try {
      await core.phones.enrol(asker.actor, input);
      return 'enrolled';
    } catch (error) {
      if (error instanceof CoreError) return `${error.code} ${error.message} ${error.field}`;
      throw error;
    }
  };
  try {
    const person = victim.ids.person ?? '';
    const before = await thingsIn(world, victim);
    const foreign = await enrol(attacker, person);
    const nobodys = await enrol(attacker, neverWas(person));
    const changed = (await thingsIn(world, victim)) !== before;
    const own = await enrol(victim, person);
    return [
      {
        name: `a phone for a person of the other tenant: ${foreign}`,
        through: foreign === 'enrolled' || foreign !== nobodys || changed,
        tried: 2,
      },
      { name: `the tenant itself: ${own} (else nothing is shown)`, through: own !== 'enrolled' },
    ];
  } finally {
    await world.close();
  }
}
