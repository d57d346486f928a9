import { describe, expect, it } from 'vitest';
import { attacks } from '../src/list.ts';

const options = { seed: 20_240_101, effort: 1 };

describe.each(attacks.map((attack) => [attack.id, attack.title, attack] as const))(
  'attack %i: %s',
  (_id, _title, attack) => {
    const missing = attack.missing?.();
    // Named as not run, with what it would take.
    const tries = it.skipIf(missing !== undefined);
    const why = missing === undefined ? '' : `; not run: ${missing}`;

    tries(
      `is beaten${why}`,
      async () => {
        const result = await attack.run({ ...options, weak: false });
        expect(result.tried).toBeGreaterThan(0);
        expect(result.succeeded, result.detail.join('\n')).toBe(false);
      },
      300_000,
    );

    tries(
      `succeeds against its weak double: ${attack.weakDouble}`,
      async () => {
        const result = await attack.run({ ...options, weak: true });
        expect(result.succeeded, result.detail.join('\n')).toBe(true);
      },
      300_000,
    );
  },
);
