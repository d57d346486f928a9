import { seededRandom } from '@cardea/kit-node';
import { decodeExportLine } from '@cardea/wire-audit';
import { chainedLog, chainHolds } from './altered-log/chained-log.ts';
import { type Dice, diceOf } from './altered-log/dice.ts';
import { databaseEdits, editDatabase } from './altered-log/edit-database.ts';
import { type EditableLog, lineEdits } from './altered-log/edit-lines.ts';
import { type AuditedRecord, auditedRecord } from './altered-log/record.ts';
import { holds, signedLog } from './altered-log/signed-log.ts';
import { type Attack, resultOf, type Trial } from './attack.ts';

/** Edits of the database's file, and of an export, at effort 1. */
const EDITS = 500;

/** Attack 40: somebody who holds the machine alters the audit log, in the database's file or in an export. */
export const alteredLog: Attack = {
  id: 40,
  title: 'the audit log edited, cut, reordered, dated back',
  weakDouble: 'a chain of hashes without a key, a signature or a head that anybody remembers',
  async run({ weak, seed, effort }) {
    const random = seededRandom(`attack 40 edits ${seed}`);
    const dice = diceOf(random);
    const record = await auditedRecord(seed);
    try {
      if (weak) {
        const facts = record.lines.map((line) => (line.startsWith('{"hash"') ? leafOf(line) : '')).filter(Boolean);
        return resultOf(await editLines(chainedLog(facts), async (lines) => chainHolds(lines), dice, EDITS * effort));
      }
      const untouched = (await record.verify()) && (await holds(record, record.lines));
      return resultOf([
        { name: 'untouched, it is found fault with (else the trials below show nothing)', through: !untouched },
        ...(await editLines(signedLog(record), (lines) => holds(record, lines), dice, EDITS * effort)),
        ...(await editFile(record, dice, EDITS * effort)),
      ]);
    } finally {
      record.remove();
    }
  },
};

const leafOf = (line: string): string => {
  const entry = decodeExportLine(line);
  return entry.kind === 'leaf' ? entry.leaf : '';
};

/** So many edits of an export, each kind in its turn. */
async function editLines(
  log: EditableLog,
  verify: (lines: readonly string[]) => Promise<boolean>,
  dice: Dice,
  count: number,
): Promise<readonly Trial[]> {
  const tally = new Tally('export');
  for (let n = 0; n < count; n++) {
    const edit = lineEdits[n % lineEdits.length];
    if (edit === undefined) continue;
    const lines = await edit.make(log, dice);
    if (lines.join('\n') === log.lines.join('\n')) throw new Error(`${edit.name}: it changed nothing`);
    tally.count(edit.name, await verify(lines));
  }
  return tally.trials();
}

/** So many edits of the database's file. */
async function editFile(record: AuditedRecord, dice: Dice, count: number): Promise<readonly Trial[]> {
  const tally = new Tally('database');
  for (let n = 0; n < count; n++) {
    const edit = databaseEdits[n % databaseEdits.length];
    if (edit === undefined) continue;
    record.reset();
    editDatabase(record.database, edit, dice);
    tally.count(edit.name, await record.verify());
  }
  return tally.trials();
}

/** How many edits of each kind were made, and how many went unseen. */
class Tally {
  readonly #where: string;
  readonly #kinds = new Map<string, { tried: number; unseen: number }>();
  constructor(where: string) {
    this.#where = where;
  }
  count(name: string, unseen: boolean): void {
    const kind = this.#kinds.get(name) ?? { tried: 0, unseen: 0 };
    kind.tried++;
    if (unseen) kind.unseen++;
    this.#kinds.set(name, kind);
  }
  trials(): readonly Trial[] {
    return [...this.#kinds].map(([name, { tried, unseen }]) => ({
      name: `${this.#where}: ${name} (${unseen} of ${tried} unseen)`,
      through: unseen > 0,
      tried,
    }));
  }
}
