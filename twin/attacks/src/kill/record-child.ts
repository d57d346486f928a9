import { Secret } from '@cardea/kit-runtime';
import { openStore } from '@cardea/server-store';

// Writes to a record without end, and says each fact on a line of its own once it is acknowledged, until it is killed. As
// the weak double it says so when it has asked. usage: record-child.ts FILE FIRST [early]
const [file, first, early] = process.argv.slice(2);
if (file === undefined || first === undefined) throw new Error('usage: record-child.ts FILE FIRST [early]');
const store = openStore({
  file,
  envelope: { seal: (secret) => secret.reveal(), open: (sealed) => new Secret(sealed) },
});
const say = (fact: string): void => void process.stdout.write(`${fact}\n`);

async function fact(text: string, unit: () => Promise<unknown>): Promise<void> {
  const done = unit();
  if (early !== undefined) say(text);
  await done;
  if (early === undefined) say(text);
}

for (let n = Number(first); ; n++) {
  const id = `org_${n}`;
  const token = `tok_${n}`;
  await fact(`added ${n}`, () =>
    store.unit(async (tx) => {
      await tx.organizations.insert({ id, name: 'x', createdAt: n });
      await tx.persons.insert({
        id: `person_${n}`,
        organizationId: id,
        name: 'x',
        email: `${n}@example.com`,
        role: 'owner',
        mustChangePassword: false,
        createdAt: n,
      });
      await tx.tokens.insert({
        id: token,
        organizationId: id,
        personId: `person_${n}`,
        kind: 'api',
        phoneId: null,
        name: 'x',
        hash: token,
        scopes: [],
        createdAt: n,
        expiresAt: Number.MAX_SAFE_INTEGER,
      });
    }),
  );
  if (n % 2 === 0) await fact(`revoked ${n}`, () => store.unit((tx) => tx.tokens.remove(id, token)));
}
