import { expect, it } from 'vitest';
import { saslDowngrade } from '../src/sasl.ts';

const options = { seed: 7, effort: 1 };

it('attack 32: each part is stopped, and each weak double falls in its own part', async () => {
  const strong = await saslDowngrade.run({ ...options, weak: false });
  expect(strong.detail.filter((line) => line.startsWith('THROUGH'))).toEqual([]);
  const weak = await saslDowngrade.run({ ...options, weak: true });
  expect(weak.detail.filter((line) => line.startsWith('stopped'))).toEqual([]);
});
