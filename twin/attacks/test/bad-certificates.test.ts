import { expect, it } from 'vitest';
import { badCertificates } from '../src/bad-certificates.ts';

it('attack 38: every row falls at the weak doubles, but for those that their protocol itself stops', async () => {
  const { detail, tried } = await badCertificates.run({ weak: true, seed: 1, effort: 1 });
  expect(tried).toBeGreaterThan(100);
  const stopped = detail
    .filter((line) => line.startsWith('stopped'))
    .map((line) => line.slice('stopped'.length).trim());
  expect(stopped.filter((line) => !line.includes(': refused is '))).toEqual([
    'server, gateway certificate: none',
    'server, gateway certificate: for a gateway of another domain',
  ]);
}, 120_000);
