import { createMemoryJournal } from '@cardea/gateway';
import { createNorFlash, type Flash } from '@cardea/lock';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import type { Trial } from '../attack.ts';

/** One lock of each maker. */
const LOCKS = [4, 9] as const;
const COMMANDS = 3;
const JOURNAL_CALLS = 6;

/** The flash of a lock fails at each of its calls in turn, one of each maker: the lock stops, and stays as it is. */
export async function failingFlash(seed: number, effort: number): Promise<readonly Trial[]> {
  const found = { unasked: 0, wentOn: 0, dead: 0, tried: 0, unhurt: 0 };
  for (const maker of LOCKS) {
    for (let nth = 1; nth <= 4 * effort; nth++) {
      for (const call of ['write', 'flush'] as const) {
        const one = await failFlash(seed, maker, nth, call);
        found.unasked += one.unasked;
        found.wentOn += one.wentOn;
        found.dead += one.dead;
        if (!one.failed) found.unhurt++;
        found.tried++;
      }
    }
  }
  const { tried } = found;
  return [
    { name: 'a bolt opens that nobody asked for when the flash fails', through: found.unasked > 0, tried },
    { name: 'a lock goes on after its flash has failed', through: found.wentOn > 0, tried },
    { name: 'a lock does not come back when flash and power do', through: found.dead > 0, tried },
    { name: 'no flash failed (then the trials above show nothing)', through: found.unhurt > 0 },
  ];
}

async function failFlash(seed: number, maker: number, nth: number, call: 'write' | 'flush') {
  const sound = createNorFlash();
  let failAt = Number.POSITIVE_INFINITY;
  let calls = 0;
  let failed = false;
  const due = (): boolean => {
    failed ||= ++calls === failAt;
    return failed;
  };
  const broken = (): Error => Object.assign(new Error('EIO (made by a test)'), { code: 'EIO' });
  const flash: Flash = {
    sectorOctets: sound.sectorOctets,
    sectors: sound.sectors,
    read: (address, sizeOctets) => sound.read(address, sizeOctets),
    write(address, octets) {
      if (call === 'write' && due()) throw broken();
      sound.write(address, octets);
    },
    erase: (sector) => sound.erase(sector),
    barrier: () => sound.barrier(),
    flush: () => (call === 'flush' && due() ? Promise.reject(broken()) : sound.flush()),
  };
  const estate = await createDemoEstate({ seed, keep: (_, index) => index === maker, flash: () => flash });
  try {
    await estate.enrolAll();
    await estate.operate('101', 'unlock');
    await estate.operate('101', 'lock');
    await estate.clock.advance(60_000);
    const lock = estate.lock('101');
    calls = 0;
    failAt = nth;
    let asked = 0;
    const before = lock.view().opens;
    for (let i = 0; i < COMMANDS; i++) {
      await estate.operate('101', 'unlock');
      await estate.operate('101', 'lock');
      asked++;
    }
    await estate.clock.advance(60_000);
    const opened = lock.view().opens - before;
    const hurt = failed;
    const wentOn = failed && lock.view().powered ? 1 : 0;
    const atRest = lock.view().opens;
    await estate.clock.advance(3_600_000);
    const unasked = (opened > asked ? 1 : 0) + (failed && lock.view().opens > atRest ? 1 : 0);
    failAt = Number.POSITIVE_INFINITY;
    failed = false;
    lock.powerOn();
    return { failed: hurt, unasked, wentOn, dead: (await opensAgain(estate)) ? 0 : 1 };
  } finally {
    await estate.stop();
  }
}

/** Some tries: a session has to be made anew, and key agreement takes real time, which virtual time may run ahead of. */
async function opensAgain(estate: Estate): Promise<boolean> {
  for (let i = 0; i < 12; i++) {
    await estate.clock.advance(30_000);
    if ((await estate.operate('101', 'unlock')).state === 'succeeded') return true;
  }
  return false;
}

/** The gateway's journal fails at each of its appends in turn: the gateway says that it cannot go on, once, and writes no more. */
export async function failingJournal(seed: number): Promise<readonly Trial[]> {
  const found = { silent: 0, wroteOn: 0, lies: 0, tried: 0 };
  for (let nth = 1; nth <= JOURNAL_CALLS; nth++) {
    const sound = createMemoryJournal();
    let appends = 0;
    let failAt = Number.POSITIVE_INFINITY;
    let after = 0;
    let told = 0;
    const estate = await createDemoEstate({
      seed,
      keep: (_, index) => index === LOCKS[0],
      onGatewayBroken: () => told++,
      journal: {
        ...sound,
        async append(entry) {
          appends++;
          if (appends > failAt) after++;
          if (appends === failAt) throw Object.assign(new Error('ENOSPC (made by a test)'), { code: 'ENOSPC' });
          await sound.append(entry);
        },
      },
    });
    try {
      await estate.enrolAll();
      await estate.clock.advance(60_000);
      appends = 0;
      failAt = nth;
      const before = estate.lock('101').view().opens;
      let succeeded = 0;
      for (let i = 0; i < JOURNAL_CALLS; i++) {
        if ((await estate.operate('101', 'unlock')).state === 'succeeded') succeeded++;
        await estate.operate('101', 'lock');
      }
      found.tried++;
      if (told !== 1) found.silent++;
      if (after > 0) found.wroteOn++;
      if (succeeded > estate.lock('101').view().opens - before) found.lies++;
    } finally {
      await estate.stop();
    }
  }
  const { tried } = found;
  return [
    { name: 'a gateway does not say that its journal has failed', through: found.silent > 0, tried },
    { name: 'a gateway goes on writing to a journal that has failed', through: found.wroteOn > 0, tried },
    { name: 'an attempt succeeds that its bolt belies', through: found.lies > 0, tried },
  ];
}
