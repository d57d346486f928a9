import { Secret } from '@cardea/kit-runtime';
import { createDemoEstate } from '@cardea/twin-building';
import type { Trial } from '../attack.ts';
import { losableRecord } from './losses.ts';

/**
 * Each table of the record in turn is not there, as after a migration that ended half way: whoever may not open a door may
 * not now either, and nothing moves. (An opener has failed so: after a migration it let everybody in.)
 */
export async function halfMigrated(seed: number): Promise<readonly Trial[]> {
  const record = losableRecord();
  const estate = await createDemoEstate({ seed, keep: (_, index) => index === 4, throughStore: record.through });
  try {
    await estate.enrolAll();
    const { core, owner } = estate.ras;
    const looker = { ...owner, scopes: ['estate:read', 'locks:read'] as const };
    const made = await core.access.createToken(owner, { name: 'gone', scopes: ['locks:operate'], expiresInS: 3_600 });
    await core.access.removeToken(owner, made.stored.id);
    const revoked = new Secret(made.token.reveal());
    const opened = (await estate.operate('101', 'unlock')).state === 'succeeded';
    await estate.operate('101', 'lock');
    const before = estate.lock('101').view().opens;
    const found = { admitted: 0, begun: 0, tried: 0 };
    for (const table of [...record.tables]) {
      record.missing = table;
      found.tried++;
      if (await succeeds(() => core.access.authenticate(revoked))) found.admitted++;
      if (await succeeds(() => core.attempts.operate(looker, estate.doorId('101'), 'unlock', undefined))) found.begun++;
      await estate.clock.advance(15_000);
    }
    record.missing = undefined;
    await estate.clock.advance(60_000);
    return [
      {
        name: 'a removed token is good again while a table is missing',
        through: found.admitted > 0,
        tried: found.tried,
      },
      { name: 'somebody without the right starts an unlock', through: found.begun > 0, tried: found.tried },
      { name: 'the door opens while tables are missing', through: estate.lock('101').view().opens > before },
      { name: 'the door did not open before (then the trials above show nothing)', through: !opened },
    ];
  } finally {
    await estate.stop();
  }
}

async function succeeds(run: () => Promise<unknown>): Promise<boolean> {
  return run().then(
    () => true,
    () => false,
  );
}
