import { dirname, join } from 'node:path';
import { openFileJournal } from '@cardea/gateway';
import { createEnvelope } from '@cardea/kit-node';

// Writes to a gateway's journal without end, and says each number once it is promised, until it is killed. As the weak
// double it says so when it has asked. usage: journal-child.ts FILE [early]
const [file, early] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: journal-child.ts FILE [early]');
const journal = await openFileJournal(file, await createEnvelope(join(dirname(file), 'envelope.key')));
const say = (fact: string): void => void process.stdout.write(`${fact}\n`);
let { nextNumber } = await journal.load();
for (;;) {
  const number = nextNumber++;
  const octets = new Uint8Array(40).fill(number);
  const report = { kind: 'frame', id: `rep-${number}`, lock: 'C0FFEE000001', channel: 1, octets } as const;
  const done = journal.append({ number, report });
  if (early !== undefined) say(`appended ${number}`);
  await done;
  if (early === undefined) say(`appended ${number}`);
  if (number % 3 === 0) {
    await journal.remove(number);
    say(`removed ${number}`);
  }
}
