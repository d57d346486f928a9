import { seededRandom } from '@cardea/kit-node';
import { equal, toHex } from '@cardea/kit-octets';
import type { ScpmEffect } from '@cardea/wire-scpm';
import { type Attack, type AttackOptions, resultOf, type Trial } from '../attack.ts';
import { Domain, type DomainOptions, type End, type Order } from './domain.ts';
import { draw } from './meddle.ts';

const ENDS = ['ksn', 'lock'] as const satisfies readonly End[];
/** Runs with two cuts each, at effort 1. */
const PAIRS = 60;
const PROVIDER = 3;
/** A cut end is up again after so long. */
const OUTAGE_MS = 600;

/**
 * Attack 25, the part of the keys: the power is cut before every single effect of either end while a lock is given its
 * user key, the key is updated, and a service provider's key is set and taken back; then before two effects. Each write
 * is whole or not at all: `persist` promises it (wire/scpm), and whoever carries it out keeps it. The lock is to boot,
 * to hold a key that the KSN holds too, and in the end the one that is in force; nothing is delivered twice.
 */
export const keyPowerCuts: Attack = {
  id: 25,
  title: 'power cut at every write during the initialisation, update and taking back of SCPM keys',
  weakDouble: 'ends that answer before they have written, and ends whose writes can be torn',
  async run({ weak, seed, effort }: AttackOptions) {
    if (!weak) return resultOf([...everyEffect('the product', seed, {}), ...pairs(seed, PAIRS * effort)]);
    return resultOf([
      ...everyEffect('answers first', seed, { order: writesLast }),
      ...everyEffect('torn writes', seed, { tear: (octets) => octets.subarray(0, octets.length >> 1) }),
    ]);
  },
};

const writesLast: Order = (effects) => {
  const isWrite = ({ kind }: ScpmEffect): boolean => kind === 'persist';
  return [...effects.filter((effect) => !isWrite(effect)), ...effects.filter(isWrite)];
};

type Doubles = Pick<DomainOptions, 'order' | 'tear'>;

function everyEffect(name: string, seed: number, doubles: Doubles): readonly Trial[] {
  return ENDS.map((end) => {
    const faults = new Set<string>();
    let tried = 0;
    for (let at = 1; ; at++) {
      const run = live(seed, doubles, new Map([[end, [at]]]));
      if (run.cuts === 0) break;
      tried++;
      for (const fault of run.faults) faults.add(fault);
    }
    return trial(`${name}: before each effect of the ${end}`, faults, tried);
  });
}

function pairs(seed: number, count: number): readonly Trial[] {
  const random = seededRandom(`attack 25 pairs ${seed}`);
  const faults = new Set<string>();
  for (let i = 0; i < count; i++) {
    const cuts = new Map(ENDS.map((end) => [end, [1 + draw(random, 80), 1 + draw(random, 80)]]));
    for (const fault of live(seed + i, {}, cuts).faults) faults.add(fault);
  }
  return [trial('the product: before two effects at each end', faults, count)];
}

function trial(name: string, faults: ReadonlySet<string>, tried: number): Trial {
  const found = faults.size === 0 ? '' : ` (${[...faults].join('; ')})`;
  return { name: `${name}: not up again with the key in force${found}`, through: faults.size > 0, tried };
}

/** A lock's life with keys, cut at the numbered effects of each end. */
function live(seed: number, doubles: Doubles, cuts: ReadonlyMap<End, readonly number[]>) {
  const domain = new Domain({ seed: `attack 25 ${seed}`, ...doubles });
  const faults = new Set<string>();
  const counted = new Map<End, number>();
  let upAtMs = 0;
  domain.cutHere = (at, effect) => {
    // To ask for a wake changes nothing.
    if (effect.kind === 'wake') return false;
    const count = (counted.get(at) ?? 0) + 1;
    counted.set(at, count);
    if (!cuts.get(at)?.includes(count)) return false;
    upAtMs = domain.nowMs + OUTAGE_MS;
    return true;
  };
  domain.watch = () => {
    if (domain.nowMs >= upAtMs && !isHeldByBoth(domain)) faults.add('a lock with a key that the KSN does not hold');
  };
  try {
    keyLife(domain);
    domain.cutHere = undefined;
    if (activeKey(domain, 'lock', 1) !== activeKey(domain, 'ksn', 1)) faults.add('the ends differ on the user key');
    if (domain.ksn.domainKeys[0]?.next !== undefined) faults.add('the update does not end');
    if (activeKey(domain, 'lock', PROVIDER) !== undefined) faults.add('the key of the provider stays');
    if (!domain.reaches('ksn', 'lock') || !domain.reaches('lock', 'ksn')) faults.add('they cannot talk');
    for (const end of ENDS) if (isTwice(domain, end)) faults.add('a message is delivered twice');
  } catch (error) {
    faults.add(`does not boot: ${error instanceof Error ? error.name : 'error'}`);
  }
  return { cuts: domain.cuts, faults };
}

function keyLife(domain: Domain): void {
  const device = domain.addressOf('lock');
  domain.join('lock', 120_000);
  // A command that the KSN lost before it was on record was never acknowledged: whoever gave it gives it again.
  if (domain.ksn.entries.length === 0) domain.join('lock', 120_000);
  domain.pass(20_000);
  domain.tell('ksn', { kind: 'update-key', keyIndex: 1, key: domain.freshKey() });
  domain.pass(60_000);
  domain.send('ksn', 'lock', Uint8Array.of(1));
  domain.send('lock', 'ksn', Uint8Array.of(2));
  domain.tell('ksn', { kind: 'add-provider', keyIndex: PROVIDER, key: domain.freshKey(), devices: [device] });
  domain.pass(60_000);
  domain.tell('ksn', { kind: 'remove-provider', keyIndex: PROVIDER });
  domain.pass(30_000);
  if (domain.ksn.entries.some(({ providers }) => providers.length > 0)) {
    domain.tell('ksn', { kind: 'remove-provider', keyIndex: PROVIDER });
  }
  domain.pass(10 * 60_000, () => domain.ksn.entries.every(({ keys }) => keys.length === 1));
  domain.pass(60_000);
}

function keysOf(domain: Domain, end: 'ksn' | 'lock') {
  if (end === 'lock') return domain.lock().keys;
  return domain.ksn.peers.find(({ address }) => equal(address, domain.addressOf('lock')))?.keys ?? [];
}

function activeKey(domain: Domain, end: 'ksn' | 'lock', keyIndex: number): string | undefined {
  const key = keysOf(domain, end).find((each) => each.keyIndex === keyIndex && each.state === 'active');
  return key && `${key.version} ${toHex(key.key.reveal())}`;
}

function isHeldByBoth(domain: Domain): boolean {
  const own = domain.lock().keys.find((key) => key.keyIndex === 1 && key.state === 'active');
  return own === undefined || keysOf(domain, 'ksn').some((key) => key.keyIndex === 1 && key.version === own.version);
}

function isTwice(domain: Domain, end: End): boolean {
  const all = domain.of(end, 'deliver').map(({ octets }) => toHex(octets));
  return new Set(all).size < all.length;
}
