import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DENIALS_IN_RING_MOST, NO_DENIALS, takeDenial, tellHeldDenials } from './denials.ts';

test('whatever the rate, every denial is told once, in at most four events and one a minute more', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 200 }), (pauses) => {
      let denials = NO_DENIALS;
      let now = 0;
      let told = 0;
      let events = 0;
      const tell = () => {
        const step = tellHeldDenials(denials, now, 0);
        denials = step.denials;
        if (step.told === undefined) return;
        told += step.told.count;
        events++;
      };
      for (const pause of pauses) {
        now += pause;
        tell();
        const step = takeDenial(denials, now, 0, 7);
        denials = step.denials;
        if (!step.recorded) continue;
        told++;
        events++;
      }
      expect(events).toBeLessThanOrEqual(4 + now / 60_000);
      now += 600_000;
      tell();
      expect(told).toBe(pauses.length);
    }),
  );
});

test('with their part of the ring full, denials are only counted', () => {
  let denials = NO_DENIALS;
  for (let i = 0; i < 10; i++) {
    const step = takeDenial(denials, 0, DENIALS_IN_RING_MOST, 3);
    expect(step.recorded).toBe(false);
    denials = step.denials;
  }
  expect(tellHeldDenials(denials, 3_600_000, DENIALS_IN_RING_MOST).told).toBeUndefined();
  expect(tellHeldDenials(denials, 3_600_000, DENIALS_IN_RING_MOST - 1).told).toEqual({ count: 10, detail: 3 });
});
