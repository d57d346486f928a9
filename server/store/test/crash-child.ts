import { Secret } from '@cardea/kit-runtime';
import { openStore } from '../src/index.ts';

// Writes units without end and prints each number once its unit is acknowledged, until it is killed.
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: crash-child FILE');
const store = openStore({
  file,
  envelope: { seal: (secret) => secret.reveal(), open: (sealed) => new Secret(sealed) },
});
const id = (n: number): string => `org_${String(n).padStart(8, '0')}`;
for (let n = 0; ; n += 4) {
  const batch = [n, n + 1, n + 2, n + 3];
  await Promise.all(
    batch.map(async (one) => {
      await store.unit((tx) => tx.organizations.insert({ id: id(one), name: 'x', createdAt: one }));
      process.stdout.write(`${id(one)}\n`);
    }),
  );
}
