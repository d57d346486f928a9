import { seededRandom } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import type { Random } from '@cardea/kit-runtime';
import { decodeSecureFrame, isSecure, SNF_MAX } from '@cardea/wire-scpm';
import { type Attack, type AttackOptions, resultOf, type Trial } from '../attack.ts';
import { Domain, type End } from './domain.ts';
import { EmittedTexts } from './emitted.ts';
import { draw, talk } from './meddle.ts';

const NEAR_THE_END = 0xffff_fff0;
const RUNS = 8;
/** Where the SNF begins in a frame. */
const SNF_AT = 1 + 2 * 6 + 4;

/**
 * Attack 8: SNFs at the end of their range, and resynchronisation abused. No number wraps, messages are refused until
 * the key is updated, and no answer moves a requester downwards or to a number that its peer did not tell now.
 */
export const lastNumbers: Attack = {
  id: 8,
  title: 'SNF of SCPM at the end of its range, resynchronisation abused',
  weakDouble: 'the profile standard, whose requesters take whatever number they are told',
  async run({ weak, seed, effort }: AttackOptions) {
    if (weak) return resultOf(resynchronised('standard', seed, RUNS));
    return resultOf([...atTheEnd(seed), ...withoutUpdate(seed), ...resynchronised('hardened', seed, RUNS * effort)]);
  },
};

interface Numbers {
  readonly next: number;
  /** What the peer expects on the same line. */
  readonly expected: number;
}

/** The line of the user key's version, as its requester and its receiver have it. */
function numbersOf(domain: Domain, from: 'ksn' | 'lock', version: number): Numbers | undefined {
  const [ksn, lock] = [domain.ksn, domain.lock()];
  const line = (state: typeof ksn | typeof lock, peer: End) =>
    state.peers
      .find(({ address }) => equal(address, domain.addressOf(peer)))
      ?.lines.find((each) => each.keyIndex === 1 && !each.dh && each.version === version);
  const [atKsn, atLock] = [line(ksn, 'lock'), line(lock, 'ksn')];
  if (atKsn === undefined || atLock === undefined) return undefined;
  return from === 'ksn'
    ? { next: atKsn.next, expected: atLock.expected }
    : { next: atLock.next, expected: atKsn.expected };
}

function versionOf(domain: Domain): number {
  return domain.lock().keys.find(({ keyIndex, state }) => keyIndex === 1 && state === 'active')?.version ?? 0;
}

/** Both ways at 0xFFFFFFF0, and whoever speaks first. */
function atTheEnd(seed: number): readonly Trial[] {
  return (['ksn', 'lock'] as const).map((first) => {
    const domain = new Domain({ seed: `attack 8 end ${seed} ${first}` });
    const emitted = new EmittedTexts(domain);
    domain.join();
    domain.reaches('ksn', 'lock');
    domain.reaches('lock', 'ksn');
    const [before, heard] = [versionOf(domain), domain.heard.length];
    domain.wearOut(NEAR_THE_END);
    const isRefused = !domain.reaches(first, first === 'ksn' ? 'lock' : 'ksn', 5_000);
    domain.pass(60_000);
    const isUpdated = versionOf(domain) > before;
    const isWell = domain.reaches('ksn', 'lock') && domain.reaches('lock', 'ksn');
    const isUnique = emitted.read().reused === 0;
    return {
      name: `from ${NEAR_THE_END.toString(16)} on, the ${first} speaks: a message goes, no new key comes, a number is used again`,
      through: !isRefused || !isUpdated || !isWell || !isUnique,
      tried: domain.heard.length - heard,
    };
  });
}

/** Nobody renews the key: nothing goes, however often it is tried, and no number wraps. */
function withoutUpdate(seed: number): readonly Trial[] {
  return [SNF_MAX, SNF_MAX - 1, NEAR_THE_END].map((start) => {
    const domain = new Domain({ seed: `attack 8 stuck ${seed} ${start}` });
    domain.join();
    domain.reaches('ksn', 'lock');
    domain.reaches('lock', 'ksn');
    domain.updates = false;
    domain.wearOut(start);
    const version = versionOf(domain);
    const delivered = domain.effects.filter(({ effect }) => effect.kind === 'deliver').length;
    const heard = domain.heard.length;
    talk(domain, 30);
    domain.pass(10 * 60_000);
    talk(domain, 10);
    const used = domain.heard.slice(heard).filter(({ octets }) => isSecure(octets));
    const wrapped = used.some(({ octets }) => decodeSecureFrame(octets, 6).snf < start);
    const low = (['ksn', 'lock'] as const).some((from) => (numbersOf(domain, from, version)?.next ?? 0) < start);
    const sent = domain.effects.filter(({ effect }) => effect.kind === 'deliver').length > delivered;
    return {
      name: `from ${start.toString(16)} on without a new key: a number wraps, or a message goes`,
      through: wrapped || low || sent,
      tried: 40,
    };
  });
}

/** Failure answers of every time, as they were and with other numbers, whenever a requester waits; ends set back. */
function resynchronised(profile: 'standard' | 'hardened', seed: number, runs: number): readonly Trial[] {
  let down = 0;
  let beyond = 0;
  let stuck = 0;
  let tried = 0;
  for (let i = 0; i < runs; i++) {
    const domain = new Domain({ seed: `attack 8 numbers ${seed} ${i}`, profile });
    const random = seededRandom(`attack 8 numbers ${seed} ${i}`);
    domain.join();
    talk(domain, 2);
    const end = i % 2 === 0 ? 'ksn' : 'lock';
    const requester = end === 'ksn' ? 'lock' : 'ksn';
    const records = domain.copyOf(end);
    talk(domain, 3);
    let before = numbersOf(domain, requester, versionOf(domain))?.next ?? 0;
    domain.watch = () => {
      const numbers = numbersOf(domain, requester, versionOf(domain));
      if (numbers === undefined) return;
      if (numbers.next < before) down++;
      before = numbers.next;
    };
    const answers = falseAnswers(domain, random);
    domain.putBack(end, records);
    talk(domain, 4);
    domain.tamper = undefined;
    domain.pass(60_000);
    talk(domain, 4);
    // Beyond what its peer expects there is nothing that the peer told.
    for (const from of ['ksn', 'lock'] as const) {
      const numbers = numbersOf(domain, from, versionOf(domain));
      if (numbers !== undefined && numbers.next > numbers.expected) beyond++;
    }
    if (!domain.reaches('ksn', 'lock') || !domain.reaches('lock', 'ksn')) stuck++;
    tried += answers.given;
  }
  const name = 'failure answers, old and altered, while ends are set back';
  return [
    { name: `${name}: a requester goes down`, through: down > 0, tried },
    { name: `${name}: a requester goes further than its peer`, through: beyond > 0 },
    { name: `${name}: nothing goes any more`, through: stuck > 0 },
  ];
}

/** From now on each request is answered before its time: by every failure so far, as it was and with another number. */
function falseAnswers(domain: Domain, random: Random): { readonly given: number } {
  const failures: Uint8Array[] = [];
  const answers = { given: 0 };
  domain.tamper = ({ octets }) => {
    if (!isSecure(octets)) return [octets];
    const frame = decodeSecureFrame(octets, 6);
    if (frame.failure !== undefined) failures.push(octets);
    if (frame.response) return [octets];
    const numbers = [0, 1, frame.snf - 1, frame.snf + 1, SNF_MAX, draw(random, 2 ** 31)];
    const altered = failures.flatMap((failure) => numbers.map((snf) => withSnf(failure, snf)));
    const given = [...failures.slice(-20), ...altered.slice(-60)];
    answers.given += given.length;
    return [...given, octets];
  };
  domain.cut('ksn');
  domain.cut('lock');
  domain.pass(1_000);
  talk(domain, 4);
  return answers;
}

function withSnf(octets: Uint8Array, snf: number): Uint8Array {
  const altered = octets.slice();
  new DataView(altered.buffer).setUint32(SNF_AT, snf);
  return altered;
}
