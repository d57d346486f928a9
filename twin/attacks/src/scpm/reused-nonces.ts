import { seededRandom } from '@cardea/kit-node';
import type { ScpmProfile } from '@cardea/wire-scpm';
import { type Attack, type AttackOptions, resultOf, type Trial } from '../attack.ts';
import { CALM, Domain, type End, STORM } from './domain.ts';
import { type Emitted, EmittedTexts } from './emitted.ts';
import { draw, meddle, repeatAll, talk } from './meddle.ts';

/** Runs of each scene at effort 1, half of them with either algorithm. */
const RUNS = 16;
/** Fewer enciphered frames of a scene than this, a run, and it shows nothing. */
const FRAMES_LEAST = 8;

/**
 * Attack 7: an oracle that holds every key reads all that is ever enciphered and looks for one key and one IV or nonce
 * under two texts: in storms with power cuts, with somebody who makes failures and repeats what was said, and with ends
 * that start from the records of an earlier time.
 */
export const reusedNonces: Attack = {
  id: 7,
  title: 'SCPM: nonce, IV or SNF used again after a reboot, a cloned disk, a restored database, or in a failure answer',
  weakDouble: 'the profile standard: one key both ways, and the IV is the SNF',
  async run({ weak, seed, effort }: AttackOptions) {
    const runs = RUNS * effort;
    return resultOf(SCENES.flatMap((scene) => play(scene, weak ? 'standard' : 'hardened', seed, weak ? 4 : runs)));
  },
};

interface Scene {
  readonly name: string;
  play(domain: Domain, seed: string): void;
}

const SCENES: readonly Scene[] = [
  { name: 'storms, power cuts, failure answers, repetitions', play: storm },
  { name: 'the KSN starts from one backup again and again', play: (domain, seed) => restored(domain, 'ksn', seed) },
  {
    name: 'the lock starts from one copy of its flash again and again',
    play: (domain, seed) => restored(domain, 'lock', seed),
  },
  { name: 'the KSN starts from a backup before the first key, its clock behind', play: fromTheBeginning },
  { name: 'the KSN runs from two copies of one disk in turn', play: (domain, seed) => inTurn(domain, 'ksn', seed) },
  { name: 'the lock runs from two copies of one flash in turn', play: (domain, seed) => inTurn(domain, 'lock', seed) },
];

function play(scene: Scene, profile: ScpmProfile, seed: number, runs: number): readonly Trial[] {
  const all: Emitted[] = Array.from({ length: runs }, (_, i) => {
    const domain = new Domain({ seed: `attack 7 ${seed} ${scene.name} ${i}`, profile, preferred: i % 2 === 0 ? 1 : 2 });
    const emitted = new EmittedTexts(domain);
    scene.play(domain, `attack 7 meddler ${seed} ${scene.name} ${i}`);
    return emitted.read();
  });
  const sum = (of: (emitted: Emitted) => number): number => all.reduce((total, each) => total + of(each), 0);
  const frames = sum((each) => each.frames);
  const trials = [
    { name: `${scene.name}: two texts under one key and one IV`, through: sum((each) => each.reused) > 0 },
  ];
  if (profile === 'standard') return trials;
  return [
    ...trials.map((trial) => ({ ...trial, tried: frames })),
    {
      name: `${scene.name}: frames that the oracle cannot read, or too few`,
      through: sum((each) => each.unread) > 0 || frames < FRAMES_LEAST * runs,
    },
  ];
}

function storm(domain: Domain, seed: string): void {
  domain.weather = STORM;
  meddle(domain, seededRandom(seed));
  domain.join();
  talk(domain, 3);
  domain.tell('ksn', { kind: 'update-key', keyIndex: 1, key: domain.freshKey() });
  talk(domain, 3);
  const devices = [domain.addressOf('lock')];
  domain.tell('ksn', { kind: 'add-provider', keyIndex: 3, key: domain.freshKey(), devices });
  talk(domain, 3);
  domain.tamper = undefined;
  domain.weather = CALM;
  if (domain.ksn.entries.length === 0) domain.join();
  domain.pass(10 * 60_000, () => domain.isJoined());
  talk(domain, 3);
}

function restored(domain: Domain, end: End, seed: string): void {
  const random = seededRandom(seed);
  domain.join();
  talk(domain, 2);
  // The copy is made between two fragments, so that what comes next is answered otherwise by whom it is put back to.
  const other = end === 'ksn' ? 'lock' : 'ksn';
  domain.send(other, end, domain.random.octets(1_000));
  domain.pass(draw(random, 50));
  const records = domain.copyOf(end);
  domain.pass(5_000);
  talk(domain, 4);
  for (const by of [repeatedly, withheld, meddled]) {
    domain.putBack(end, records);
    by();
    domain.tamper = undefined;
    talk(domain, 3);
  }

  function repeatedly(): void {
    repeatAll(domain, random);
  }

  /** Nothing that the other end says arrives: everything that it ever said does, in the place of each answer. */
  function withheld(): void {
    const said = domain.heard.filter(({ from }) => from === other).map(({ octets }) => octets);
    domain.tamper = ({ from, octets }) => (from === other ? said : [octets]);
    talk(domain, 3);
  }

  function meddled(): void {
    meddle(domain, random);
    repeatAll(domain, random);
    talk(domain, 3);
  }
}

function fromTheBeginning(domain: Domain, seed: string): void {
  const records = domain.copyOf('ksn');
  domain.join();
  talk(domain, 4);
  domain.clockErrorMs = -domain.nowMs;
  domain.putBack('ksn', records);
  meddle(domain, seededRandom(seed));
  domain.join();
  talk(domain, 2);
  domain.tamper = undefined;
  // The owner resets the lock, which then takes the key that follows.
  domain.tell('lock', { kind: 'reset' });
  domain.join('lock', 20 * 60_000);
  repeatAll(domain, seededRandom(`${seed} again`));
  talk(domain, 4);
}

function inTurn(domain: Domain, end: End, seed: string): void {
  const random = seededRandom(seed);
  domain.join();
  talk(domain, 2);
  let [running, waiting] = [domain.copyOf(end), domain.copyOf(end)];
  for (let i = 0; i < 4; i++) {
    talk(domain, 2);
    if (i === 1) domain.tell('ksn', { kind: 'update-key', keyIndex: 1, key: domain.freshKey() });
    if (i === 2) meddle(domain, random);
    running = domain.copyOf(end);
    domain.putBack(end, waiting);
    [running, waiting] = [waiting, running];
    repeatAll(domain, random);
  }
  domain.tamper = undefined;
  talk(domain, 3);
}
