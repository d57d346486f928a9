import { Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { checkPin, newPin, PIN_TRIES, type PinRecord } from '../src/scpm/pin.ts';

const RIGHT = new Secret('246810');
const WRONG = new Secret('000000');

it('A-1 9.2.1-a five wrong PINs cost nothing, then each try waits twice as long, and what is kept makes it so after a restart', async () => {
  let kept: PinRecord = await newPin(RIGHT);
  expect(JSON.stringify(kept)).not.toContain(RIGHT.reveal());
  let nowMs = 1_750_000_000_000;
  const attempt = (pin: Secret<string>) =>
    // As read again from the disk each time.
    checkPin(JSON.parse(JSON.stringify(kept)) as PinRecord, pin, nowMs, async (record) => {
      kept = record;
    });
  for (let i = 0; i < PIN_TRIES; i++) await expect(attempt(WRONG)).rejects.toMatchObject({ code: 'pin' });
  await expect(attempt(RIGHT)).rejects.toMatchObject({ code: 'wait' });
  nowMs += 59_999;
  await expect(attempt(RIGHT)).rejects.toMatchObject({ code: 'wait' });
  nowMs += 1;
  await expect(attempt(WRONG)).rejects.toMatchObject({ code: 'pin' });
  nowMs += 60_000;
  await expect(attempt(RIGHT)).rejects.toMatchObject({ code: 'wait' });
  nowMs -= 3_600_000;
  await expect(attempt(RIGHT)).rejects.toMatchObject({ code: 'wait' });
  nowMs += 3_600_000 + 60_000;
  await attempt(RIGHT);
  expect(kept.failures).toBe(0);
  await expect(attempt(WRONG)).rejects.toMatchObject({ code: 'pin' });
});

it('A-1 a try counts before it is looked at: pulling the plug gives none back', async () => {
  const record = await newPin(RIGHT);
  const kept: number[] = [];
  await checkPin(record, RIGHT, 1, async ({ failures }) => {
    kept.push(failures);
  });
  expect(kept).toEqual([1, 0]);
});
