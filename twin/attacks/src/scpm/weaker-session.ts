import {
  type AlgorithmId,
  decodeAdata,
  decodePlainFrame,
  encodeAdata,
  encodePadata,
  encodePlainFrame,
  isSecure,
  type ScpmProfile,
  type Services,
  sealFrame,
  stepDevice,
  suiteOf,
} from '@cardea/wire-scpm';
import type { Trial } from '../attack.ts';
import { Domain } from './domain.ts';

/** The lists that the man in the middle has instead of the lock's own, which is 1 (CBC) and 2 (CCM). */
const LISTS: readonly (readonly number[])[] = [[1], [1, 1], [2], [2, 1], [1, 3], [1, 2, 2], [3], [1, 2, 3]];
/** What both ends have, and the KSN prefers. */
const BEST: AlgorithmId = 2;
const SHD_AT = 1 + 2 * 6 + 2;

/** Attack 5 against SCPM: what is told in plaintext, and what a frame says of its protection. */
export function weakerSessions(seed: number, effort: number, weak: boolean): readonly Trial[] {
  if (weak) return LISTS.filter(([first]) => first === 1).map((list) => algorithms(seed, list, true));
  return [...LISTS.map((list) => algorithms(seed, list, false)), ...rewritten(seed, effort), ...underTheKey(seed)];
}

/** 9.2.1 d), e): the one answer in plaintext is another's. */
function algorithms(seed: number, list: readonly number[], weak: boolean): Trial {
  const believing: typeof stepDevice = (context, state, input) => {
    const told = list.filter((each): each is AlgorithmId => each === 1 || each === 2);
    const step = stepDevice(context, { ...state, algorithms: told }, input);
    return { ...step, state: { ...step.state, algorithms: state.algorithms } };
  };
  const domain = new Domain({
    seed: `attack 5 ${seed} ${list}`,
    preferred: BEST,
    ...(weak ? { stepLock: believing } : {}),
  });
  domain.tamper = ({ from, octets }) => [from === 'lock' ? rewriteList(octets, list) : octets];
  domain.join('lock', 5 * 60_000);
  const isWeaker = domain.lock().keys.some(({ keyIndex, algorithm }) => keyIndex === 1 && algorithm !== BEST);
  domain.tamper = undefined;
  domain.pass(20 * 60_000, () => domain.isJoined());
  const isBest = domain.lock().keys.some(({ keyIndex, algorithm }) => keyIndex === 1 && algorithm === BEST);
  const name = `the lock's algorithms told as ${list.join(', ')}: a key for another than both have`;
  return {
    name: `${name}, or none once the man in the middle is gone`,
    through: weak ? isWeaker : isWeaker || !isBest,
  };
}

function rewriteList(octets: Uint8Array, list: readonly number[]): Uint8Array {
  if (isSecure(octets)) return octets;
  const frame = decodePlainFrame(octets, 6);
  if (decodeAdata(frame.adata).kind !== 'algorithms') return octets;
  return encodePlainFrame({ ...frame, adata: encodeAdata({ kind: 'algorithms', algorithms: list }) });
}

/** HD and SHD of every frame, every way: nothing is taken, neither during the first key nor after it. */
function rewritten(seed: number, effort: number): readonly Trial[] {
  const patterns: readonly { readonly at: number; readonly name: string }[] = [
    { at: 0, name: 'HD' },
    { at: SHD_AT, name: 'b7 to b0 of SHD: services, b4, key index' },
    { at: SHD_AT + 1, name: 'b15 to b8 of SHD: request or response, failures' },
  ];
  const domain = new Domain({ seed: `attack 5 bits ${seed}`, preferred: BEST });
  domain.join();
  return patterns.map(({ at, name }) => {
    let taken = 0;
    const step = Math.max(1, 3 - effort);
    let tried = 0;
    for (let mask = 1; mask < 256; mask += step) {
      tried++;
      domain.tamper = ({ octets }) => [octets.map((octet, i) => (i === at ? octet ^ mask : octet))];
      const before = reached(domain);
      for (const from of ['ksn', 'lock'] as const)
        domain.send(from, from === 'ksn' ? 'lock' : 'ksn', domain.random.octets(9), 3_000);
      domain.pass(4_000);
      taken += reached(domain) - before;
      // A first key, while the frames of a run are rewritten.
      if (mask % 16 === 1) taken += joinsUnder(seed, at, mask) ? 1 : 0;
    }
    domain.tamper = undefined;
    // What waits behind the last inquiry is given up with it.
    domain.pass(60_000);
    const isWell = domain.reaches('ksn', 'lock') && domain.reaches('lock', 'ksn');
    return {
      name: `${name}, rewritten every way: taken, or the hop is dead afterwards`,
      through: taken > 0 || !isWell,
      tried,
    };
  });
}

function joinsUnder(seed: number, at: number, mask: number): boolean {
  const domain = new Domain({ seed: `attack 5 join ${seed} ${at} ${mask}`, preferred: BEST });
  domain.tamper = ({ octets }) => [
    isSecure(octets) ? octets.map((octet, i) => (i === at ? octet ^ mask : octet)) : octets,
  ];
  domain.join('lock', 120_000);
  return domain.lock().keys.length > 1;
}

/** What got to the actors of either end: messages, text that nobody authenticated, keys. */
function reached(domain: Domain): number {
  const kinds = ['deliver', 'unauthenticated', 'key'];
  return domain.effects.filter(({ effect }) => kinds.includes(effect.kind)).length;
}

/** Even under the right key and number: no service less, no other profile, no other suite than the key's. */
function underTheKey(seed: number): readonly Trial[] {
  const weaker: readonly {
    readonly profile: ScpmProfile;
    readonly algorithm: AlgorithmId;
    readonly services: Services;
  }[] = [
    { profile: 'hardened', algorithm: BEST, services: 'auth+enc' },
    { profile: 'hardened', algorithm: BEST, services: 'auth' },
    { profile: 'hardened', algorithm: 1, services: 'auth' },
    { profile: 'hardened', algorithm: 1, services: 'enc' },
    { profile: 'hardened', algorithm: 1, services: 'auth+enc' },
    { profile: 'standard', algorithm: 1, services: 'auth' },
    { profile: 'standard', algorithm: 1, services: 'enc' },
    { profile: 'standard', algorithm: 1, services: 'auth+enc' },
  ];
  return weaker.map(({ profile, algorithm, services }) => {
    const domain = new Domain({ seed: `attack 5 key ${seed}`, preferred: BEST });
    domain.join();
    domain.reaches('ksn', 'lock');
    const before = reached(domain);
    const octets = forged(domain, profile, algorithm, services);
    domain.inject(octets);
    domain.pass(5_000);
    const isTaken = reached(domain) !== before;
    const name = `a lock message under the right key, ${profile}, algorithm ${algorithm}, ${services}`;
    const isRight = profile === 'hardened' && algorithm === BEST && services === 'auth+enc';
    return isRight ? { name: `${name}: refused`, through: !isTaken } : { name: `${name}: taken`, through: isTaken };
  });
}

function forged(domain: Domain, profile: ScpmProfile, algorithm: AlgorithmId, services: Services): Uint8Array {
  const { ksn, primitives } = domain;
  const da = domain.addressOf('lock');
  const key = domain.lock().keys.find(({ keyIndex }) => keyIndex === 1);
  const line = domain
    .lock()
    .peers.flatMap(({ lines }) => lines)
    .find(({ keyIndex, dh }) => keyIndex === 1 && !dh);
  if (key === undefined || line === undefined) throw new Error('the lock has not joined');
  const direction = { sa: ksn.address, da, response: false, dh: false };
  const suite = suiteOf(primitives, { profile, algorithm, key: key.key.reveal() }, direction);
  const part = Uint8Array.of(1, 2, 3);
  const padata = encodePadata({ kind: 'lock-message', message: 7, fragment: 0, total: 1, part });
  return sealFrame(suite, { ...direction, keyIndex: 1, services, snf: line.expected }, padata);
}
