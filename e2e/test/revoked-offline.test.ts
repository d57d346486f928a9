import { revokedOffline } from '@cardea/twin-attacks';
import { expect, it } from 'vitest';

/** A few rounds by default; `REVOKED_SCHEDULES=1000` is what docs/threat-model.md was written by. */
const schedules = Number(process.env.REVOKED_SCHEDULES ?? 40);

it('a grant that is taken back while its lock is offline opens until the shown T at most, by true time', async () => {
  const seed = 20_260_105;
  const seen = await revokedOffline({ seed, schedules, weak: false });
  process.stdout.write(
    `seed ${seed}: ${seen.schedules} schedules, ${seen.taps} taps, ${seen.before} opened before the revocation, ` +
      `${seen.between} between it and T, ${seen.after} after T; ${seen.acknowledged} acknowledged, ` +
      `${seen.afterAcknowledged} opened after that\n`,
  );
  expect(seen.schedules).toBe(schedules);
  expect(seen.before).toBe(schedules);
  expect(seen.between).toBeGreaterThan(0);
  expect(seen.after).toBe(0);
  expect(seen.acknowledged).toBeGreaterThan(0);
  expect(seen.afterAcknowledged).toBe(0);
}, 1_800_000);
