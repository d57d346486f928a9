import { seededRandom } from '@cardea/kit-node';
import { createNorFlash, type Flash, LOCK_FLASH, type NorFlash } from '@cardea/lock';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import type { Trial } from '../attack.ts';

/** One lock of each maker. */
const LOCKS = [4, 9] as const;
const TRIES = 12;
const PAGE = { after: undefined, limit: 200 };

/** A flash whose power can be cut. */
interface CutFlash extends Flash {
  cutAfter(octets: number): void;
  powerOn(): void;
  readonly touchedOctets: number;
}

/** The weak double's chip: it says that all is written, and keeps it in its own memory until the power goes. */
function forgetfulFlash(): CutFlash {
  const factory = createNorFlash().image();
  let cells: NorFlash = createNorFlash();
  return {
    ...LOCK_FLASH,
    read: (address, sizeOctets) => cells.read(address, sizeOctets),
    write: (address, octets) => cells.write(address, octets),
    erase: (sector) => cells.erase(sector),
    barrier: () => cells.barrier(),
    flush: () => cells.flush(),
    cutAfter: (octets) => cells.cutAfter(octets),
    powerOn() {
      cells = createNorFlash(LOCK_FLASH, factory);
    },
    get touchedOctets() {
      return cells.touchedOctets;
    },
  };
}

/** A lock loses its power at some octet of what it writes during an unlock, again and again. */
export async function killLock(options: { weak: boolean; seed: number; kills: number }): Promise<readonly Trial[]> {
  const found = { twice: 0, forgot: 0, swallowed: 0, cuts: 0 };
  for (const maker of LOCKS) {
    const flash = options.weak ? forgetfulFlash() : createNorFlash();
    const estate = await createDemoEstate({
      seed: options.seed,
      keep: (_, index) => index === maker,
      flash: () => flash,
    });
    try {
      await estate.enrolAll();
      await estate.clock.advance(60_000);
      const random = seededRandom(`attack 26 lock ${options.seed} ${maker}`);
      for (let kill = 0; kill < Math.ceil(options.kills / LOCKS.length); kill++) {
        const one = await cutOnce(estate, flash, (random.octets(1)[0] ?? 0) / 256);
        found.twice += one.twice;
        found.forgot += one.forgot;
        found.swallowed += one.swallowed;
        found.cuts += one.cut;
        if (one.forgot > 0) break;
      }
    } finally {
      await estate.stop();
    }
  }
  const tried = options.kills;
  return [
    { name: 'a command that met a power cut opens twice', through: found.twice > 0, tried },
    { name: 'a lock forgets its binding by a power cut', through: found.forgot > 0, tried },
    { name: 'what happens after a power cut does not reach the record', through: found.swallowed > 0, tried },
    { name: 'no power was cut (then the trials above show nothing)', through: found.cuts === 0 },
  ];
}

async function cutOnce(estate: Estate, flash: CutFlash, fraction: number) {
  const lock = estate.lock('101');
  const touched = flash.touchedOctets;
  await estate.operate('101', 'unlock');
  await estate.operate('101', 'lock');
  const octets = flash.touchedOctets - touched;
  const before = lock.view().opens;
  flash.cutAfter(Math.floor(fraction * octets));
  await estate.begin('101', 'unlock');
  await estate.clock.advance(30_000);
  const cut = lock.view().powered ? 0 : 1;
  lock.powerOff();
  flash.powerOn();
  lock.powerOn();
  await estate.clock.advance(60_000);
  const twice = lock.view().opens - before > 1 ? 1 : 0;
  let forgot = 1;
  // Key agreement takes real time, which virtual time may run ahead of: what is looked for is whether, not when.
  for (let i = 0; i < TRIES && forgot === 1; i++) {
    if ((await estate.operate('101', 'unlock')).state === 'succeeded') forgot = 0;
    else await estate.clock.advance(30_000);
  }
  const moved = await doorEvents(estate);
  lock.door(true);
  lock.door(false);
  let told = 0;
  for (let i = 0; i < TRIES && told < 2; i++) {
    await estate.clock.advance(5 * 60_000);
    told = (await doorEvents(estate)) - moved;
  }
  const swallowed = told === 2 ? 0 : 1;
  return { cut, twice, forgot, swallowed };
}

/** How often the record has the door opened or closed. */
async function doorEvents({ ras }: Estate): Promise<number> {
  let count = 0;
  for (const type of ['lock.door_opened', 'lock.door_forced', 'lock.door_closed'] as const) {
    count += (await ras.core.events.list(ras.owner, { type }, PAGE)).length;
  }
  return count;
}
