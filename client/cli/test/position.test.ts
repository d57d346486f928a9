import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { positionOf } from '../src/position.ts';
import { attempt, cardea, DOOR, listed } from './fake-client.ts';

it.each([
  ['52.52,13.405', { latitude: 52.52, longitude: 13.405, accuracy_m: 20 }],
  ['-33.9, 151.2, 5', { latitude: -33.9, longitude: 151.2, accuracy_m: 5 }],
])('%s is a place', (given, place) => expect(positionOf(given)).toEqual(place));

it.each(['', '52.52', '91,0', '0,181', '1,2,-1', '1,2,3,4', 'here,there', '1,,3'])('%j is none', (given) =>
  expect(() => positionOf(given)).toThrow('--position'),
);

it('an unlock tells where somebody says that he is, and a second person approves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-cli-'));
  const profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://127.0.0.1:1', token: 't' }), { mode: 0o600 });
  const asked: unknown[] = [];
  const done = attempt();
  const client = {
    doors: {
      list: () => listed(DOOR),
      start: async (_: string, __: unknown, options?: { position?: unknown }) => {
        asked.push(options?.position);
        return done;
      },
    },
    attempts: {
      confirm: async (id: string, position?: unknown) => {
        asked.push([id, position]);
        return done;
      },
    },
  };
  await cardea(['unlock', '101', '--position', '52.5,13.4,9', '--json'], client, { profile });
  await cardea(['approve', done.id, '--json'], client, { profile });
  expect(asked).toEqual([{ latitude: 52.5, longitude: 13.4, accuracy_m: 9 }, [done.id, undefined]]);
  expect((await cardea(['unlock', '101', '--position', 'here'], client, { profile })).code).toBe(2);
  rmSync(folder, { recursive: true });
});
