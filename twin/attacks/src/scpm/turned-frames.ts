import { nodePrimitives } from '@cardea/kit-node';
import { equal } from '@cardea/kit-octets';
import { decodeSecureFrame, isSecure, openFrame, suiteOf } from '@cardea/wire-scpm';
import type { Trial } from '../attack.ts';
import { Domain, type End, type Heard } from './domain.ts';
import { talk } from './meddle.ts';

const MESSAGES = 6;
const SHD_AT = 1 + 2 * 6 + 2;

/**
 * Attack 10 on SCPM: every frame turned so that it goes to somebody else, carried in the place of the true one while its
 * sender waits, and all of them once more afterwards. The weak double takes whatever verifies under the one key of its
 * domain, whoever said it to whom.
 */
export function turnedFrames(seed: number, effort: number, weak: boolean): readonly Trial[] {
  const messages = MESSAGES * effort;
  if (weak) return [takenBack(seed, messages)];
  return [
    ...Object.entries(TURNS).map(([name, turn]) => turned(name, turn, seed, messages)),
    unchanged(seed, messages),
    { name: 'SCPM, carried as they are: not taken', through: !turned('', (octets) => octets, seed, messages).through },
  ];
}

type Turn = (octets: Uint8Array, domain: Domain) => Uint8Array;

/** Its addresses changed over: to its sender, from its receiver. */
const back: Turn = (octets) =>
  Uint8Array.of(octets[0] ?? 0, ...octets.subarray(7, 13), ...octets.subarray(1, 7), ...octets.subarray(13));

const withBits =
  (low: number, high: number): Turn =>
  (octets) =>
    octets.map((octet, i) => octet ^ (i === SHD_AT ? low : i === SHD_AT + 1 ? high : 0));

/** The address of one lock in the place of the other's. */
const other: Turn = (octets, domain) => {
  const [lock, elsewhere] = [domain.addressOf('lock'), domain.addressOf('other')];
  const replaced = octets.slice();
  for (const at of [1, 7]) {
    const address = octets.subarray(at, at + 6);
    if (equal(address, lock)) replaced.set(elsewhere, at);
    else if (equal(address, elsewhere)) replaced.set(lock, at);
  }
  return replaced;
};

const both =
  (...turns: readonly Turn[]): Turn =>
  (octets, domain) =>
    turns.reduce((turned, turn) => turn(turned, domain), octets);

const [DH, ANSWER, SNF_FAILED, AUTH_FAILED] = [1 << 4, 1, 1 << 4, 1 << 5];
const asAnswer = withBits(0, ANSWER);

const TURNS: Readonly<Record<string, Turn>> = {
  'back to its sender': back,
  'back to its sender, a request as its own answer': both(back, asAnswer),
  'back to its sender, a request as the failure that copies it (SNF)': both(back, withBits(0, ANSWER | SNF_FAILED)),
  'back to its sender, a request as the failure that copies it (MDAS)': both(back, withBits(0, ANSWER | AUTH_FAILED)),
  'to the same receiver, a request as an answer': asAnswer,
  'under the secret of a run (b4)': withBits(DH, 0),
  'back to its sender, under the secret of a run (b4)': both(back, withBits(DH, 0)),
  'as its own answer, under the secret of a run (b4)': both(back, asAnswer, withBits(DH, 0)),
  'to the other lock, or from it': other,
  'back from the other lock': both(back, other),
  'as an answer of the other lock': both(back, asAnswer, other),
};

function joined(seed: number): Domain {
  const domain = new Domain({ seed: `attack 10 ${seed}`, withOther: true });
  domain.join('lock');
  domain.join('other');
  for (const end of ['lock', 'other'] as const) {
    domain.reaches('ksn', end);
    domain.reaches(end, 'ksn');
  }
  return domain;
}

function turned(name: string, turn: Turn, seed: number, messages: number): Trial {
  const domain = joined(seed);
  const before = taken(domain);
  let tried = 0;
  const turning = ({ octets }: Heard): readonly Uint8Array[] => {
    tried++;
    return [isSecure(octets) ? turn(octets, domain) : octets];
  };
  domain.tamper = turning;
  talk(domain, messages);
  domain.tell('ksn', { kind: 'update-key', keyIndex: 1, key: domain.freshKey() });
  domain.pass(60_000);
  for (const heard of domain.heard.slice()) {
    domain.inject(turning(heard)[0] as Uint8Array);
    domain.pass(20);
  }
  const isTaken = taken(domain) > before;
  domain.tamper = undefined;
  domain.pass(6 * 60_000);
  const isWell = domain.reaches('ksn', 'lock') && domain.reaches('lock', 'ksn') && domain.reaches('ksn', 'other');
  return { name: `SCPM, ${name}: taken, or the hop is dead afterwards`, through: isTaken || !isWell, tried };
}

/** What any node took from the medium: it stores before it serves, and when it hears an answer. */
function taken(domain: Domain): number {
  const ends: readonly End[] = ['lock', 'other'];
  const atLocks = ends.reduce(
    (sum, end) => sum + domain.of(end, 'persist').length + domain.of(end, 'deliver').length,
    0,
  );
  // The KSN also stores what it is told to do, of which there is the update alone.
  const atKsn = domain.of('ksn', 'persist').filter(({ name }) => name !== 'domain').length;
  return atLocks + atKsn + domain.of('ksn', 'deliver').length;
}

/** Everybody hears everything: nobody takes his own words, nor what is another's. */
function unchanged(seed: number, messages: number): Trial {
  const domain = joined(seed);
  talk(domain, messages);
  const heard = domain.heard.slice();
  const before = domain.effects.filter(({ effect }) => effect.kind === 'deliver').length;
  for (const { octets } of heard) {
    domain.inject(octets);
    domain.pass(20);
  }
  const after = domain.effects.filter(({ effect }) => effect.kind === 'deliver').length;
  const own = (['ksn', 'lock', 'other'] as const).flatMap((end) =>
    domain.of(end, 'deliver').filter(({ from }) => equal(from, domain.addressOf(end))),
  );
  return {
    name: 'SCPM, said again as it was: taken by its sender, by another, or once more',
    through: after > before || own.length > 0,
    tried: heard.length,
  };
}

/** The weak double: the sender of a frame as one that asks for nothing but the right key. */
function takenBack(seed: number, messages: number): Trial {
  const domain = new Domain({ seed: `attack 10 ${seed}`, profile: 'standard' });
  domain.join();
  const key = domain
    .lock()
    .keys.find(({ keyIndex }) => keyIndex === 1)
    ?.key.reveal();
  if (key === undefined) throw new Error('the lock has not joined');
  talk(domain, messages);
  const sent = domain.heard.filter(({ from, octets }) => from === 'lock' && isSecure(octets));
  const back = sent.filter(({ octets }) => {
    const frame = decodeSecureFrame(octets, 6);
    const direction = { sa: frame.sa, da: frame.da, response: frame.response, dh: frame.dh };
    const suite = suiteOf(nodePrimitives, { profile: 'standard', algorithm: 1, key }, direction);
    return openFrame(suite, frame).verdict === 'ok';
  });
  return {
    name: 'the lock takes its own frames for those of its key setting node',
    through: back.length > 0,
    tried: sent.length,
  };
}
