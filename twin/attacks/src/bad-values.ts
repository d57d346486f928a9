import { seededDh, seededRandom } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import { DH_GROUPS, type DhGroup, publicValueFault } from '@cardea/wire-scpm';
import { type Attack, type AttackOptions, resultOf, type Trial } from './attack.ts';
import { chosenValues, validPoints } from './bad-values/chosen-values.ts';
import { type RunEnd, readsNewKey, secretAt } from './bad-values/run-end.ts';
import { trustingDh } from './bad-values/trusting-dh.ts';

/** Fresh keys against each value: an order of 2 or 3 leaves few secrets, not one. */
const RUNS = 4;
const READ = 'a new master key is read by who holds no private half';

/**
 * Attack 11: public values that leave the secret no choice, or that tell something of a private key, in every group in
 * which we agree. Two things stand against them, each tried without the other: the check of the value and, in the
 * agreement that locks, phones and gateways share on Node, the check before the power.
 */
export const badValues: Attack = {
  id: 11,
  title: 'invalid curve, small order, identity point: public values without a private half',
  weakDouble: 'an agreement by the formulas of the textbook, which computes with whatever value it is given',
  async run({ weak, seed, effort }: AttackOptions) {
    const trusting = trustingDh(seededRandom(`attack 11 trusting ${seed}`));
    const strong = seededDh(seededRandom(`attack 11 ${seed}`));
    const ends: Readonly<Record<string, RunEnd>> = weak
      ? { 'no check': { checks: false, dh: trusting } }
      : { 'the check of the value': { checks: true, dh: trusting }, 'the agreement': { checks: false, dh: strong } };
    const random = seededRandom(`attack 11 keys ${seed}`);
    const trials = Object.values(DH_GROUPS).flatMap((group: DhGroup) =>
      Object.entries(ends).flatMap(([name, end]) => against(name, end, group, RUNS * effort, random.octets(16))),
    );
    if (!weak) return resultOf([...trials, ...honest({ checks: true, dh: strong })]);
    // The double falls when keys were read in every group: a value that was merely computed with would show little.
    const result = resultOf(trials);
    return { ...result, succeeded: trials.every((trial) => trial.through || !trial.name.endsWith(READ)) };
  },
};

/** Each chosen value against an end, and what the values that foretell a secret are good for. */
function against(name: string, end: RunEnd, group: DhGroup, runs: number, preMasterKey: Uint8Array): readonly Trial[] {
  const where = `${group.name}, ${name}`;
  let read = 0;
  let foretellable = 0;
  const trials = chosenValues(group).map((value): Trial => {
    let agreed = 0;
    for (let i = 0; i < runs; i++) {
      const own = end.dh.generate(group.name);
      const secret = secretAt(end, group, own, value.octets);
      if (value.foretold.length > 0) foretellable++;
      if (secret === undefined) continue;
      agreed++;
      const values = { ksn: own.publicValue, device: value.octets };
      if (readsNewKey(group, preMasterKey, values, secret, value.foretold)) read++;
    }
    return { name: `${where}: ${value.name}`, through: agreed > 0, tried: runs };
  });
  return [...trials, { name: `${where}: ${READ}`, through: read > 0, tried: foretellable }];
}

/** What refuses everything shows nothing: honest values are agreed on, at both ends alike. */
function honest(end: RunEnd): readonly Trial[] {
  const groups = Object.values(DH_GROUPS).map((group: DhGroup): Trial => {
    const [one, other] = [end.dh.generate(group.name), end.dh.generate(group.name)];
    const secret = secretAt(end, group, one, other.publicValue);
    const same = secretAt(end, group, other, one.publicValue);
    const agreed = secret !== undefined && same !== undefined && equal(secret, same);
    return { name: `${group.name}: honest ends are refused or differ`, through: !agreed };
  });
  const valid = validPoints();
  const own = end.dh.generate('p256');
  const refused = valid.filter(
    (point) => publicValueFault(DH_GROUPS[2], point) !== undefined || end.dh.agree(own.privateKey, point) === undefined,
  );
  return [
    ...groups,
    { name: 'p256: a valid point of Wycheproof is refused', through: refused.length > 0, tried: valid.length },
  ];
}
