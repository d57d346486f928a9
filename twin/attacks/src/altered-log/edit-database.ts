import { DatabaseSync } from 'node:sqlite';
import { nodePrimitives } from '@cardea/kit-node';
import { decodeLeaf, encodeLeaf, type Leaf, leafOctets, treeHash } from '@cardea/wire-audit';
import type { Dice } from './dice.ts';

/** One way to alter the record's file by SQL, as whoever holds the machine can. */
export interface DatabaseEdit {
  readonly name: string;
  make(database: DatabaseSync, dice: Dice): void;
}

const tree = treeHash(nodePrimitives);

/** Opens the file, edits it, and closes it. */
export function editDatabase(file: string, edit: DatabaseEdit, dice: Dice): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN');
    edit.make(database, dice);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

const size = (database: DatabaseSync): number =>
  Number(database.prepare('SELECT count(*) AS n FROM audit_leaf').get()?.n ?? 0);
const textOf = (database: DatabaseSync, number: number): string =>
  String(database.prepare('SELECT leaf FROM audit_leaf WHERE number = ?').get(number)?.leaf ?? '');
const setLeaf = (database: DatabaseSync, number: number, leaf: string): void => {
  database.prepare('UPDATE audit_leaf SET leaf = ? WHERE number = ?').run(leaf, number);
};
/** With the hash that belongs to it. */
const remakeLeaf = (database: DatabaseSync, number: number, change: (leaf: Leaf) => Leaf): void => {
  const leaf = encodeLeaf(change(decodeLeaf(textOf(database, number))));
  setLeaf(database, number, leaf);
  const hash = tree.leaf(leafOctets(leaf));
  database.prepare('UPDATE audit_leaf SET hash = ? WHERE number = ?').run(hash, number);
};
const dropFrom = (database: DatabaseSync, number: number): void => {
  database.prepare('DELETE FROM event WHERE id IN (SELECT event_id FROM audit_salt WHERE number >= ?)').run(number);
  database.prepare('DELETE FROM audit_salt WHERE number >= ?').run(number);
  database.prepare('DELETE FROM audit_leaf WHERE number >= ?').run(number);
  database.prepare('DELETE FROM audit_head WHERE size > ?').run(number);
};
const dateBack = (leaf: Leaf): Leaf => ({ ...leaf, receivedAt: leaf.receivedAt - 3_600_000 });
/** One that is neither the first nor the last. */
const inner = (database: DatabaseSync, dice: Dice): number => 1 + dice.below(size(database) - 2);
const headSizes = (database: DatabaseSync): readonly number[] =>
  database
    .prepare('SELECT size FROM audit_head ORDER BY size')
    .all()
    .map((row) => Number(row.size));
const noteOf = (database: DatabaseSync, at: number): string =>
  String(database.prepare('SELECT note FROM audit_head WHERE size = ?').get(at)?.note ?? '');
const setNote = (database: DatabaseSync, at: number, note: string): void => {
  database.prepare('UPDATE audit_head SET note = ? WHERE size = ?').run(note, at);
};

/** Each way to alter leaves, heads or the facts beside them. */
export const databaseEdits: readonly DatabaseEdit[] = [
  {
    name: 'a character of a leaf changed',
    make(database, dice) {
      const number = dice.below(size(database));
      const text = textOf(database, number);
      const at = dice.below(text.length);
      const other = String.fromCharCode(32 + ((text.charCodeAt(at) - 32 + 1 + dice.below(94)) % 95));
      setLeaf(database, number, text.slice(0, at) + other + text.slice(at + 1));
    },
  },
  {
    name: 'a leaf dated back with its hash',
    make: (database, dice) => remakeLeaf(database, dice.below(size(database)), dateBack),
  },
  {
    name: 'a fact dated back with its leaf and its hash',
    make(database, dice) {
      const number = dice.below(size(database));
      remakeLeaf(database, number, dateBack);
      database
        .prepare(
          'UPDATE event SET received_at = received_at - 3600000 WHERE id = (SELECT event_id FROM audit_salt WHERE number = ?)',
        )
        .run(number);
    },
  },
  {
    name: 'a fact rewritten beside its leaf',
    make(database, dice) {
      const column = dice.of(['type', 'detail', 'person_id', 'received_at', 'property_id', 'lock_id']);
      const value = column === 'received_at' ? 1 : column === 'detail' ? '{"a":1}' : column === 'type' ? 'a.b' : 'x_1';
      database
        .prepare(`UPDATE event SET ${column} = ? WHERE id = (SELECT event_id FROM audit_salt WHERE number = ?)`)
        .run(value, dice.below(size(database)));
    },
  },
  {
    name: 'a fact deleted beside its leaf',
    make(database, dice) {
      database
        .prepare('DELETE FROM event WHERE id = (SELECT event_id FROM audit_salt WHERE number = ?)')
        .run(dice.below(size(database)));
    },
  },
  {
    name: 'a fact put in without a leaf',
    make(database, dice) {
      database
        .prepare(
          "INSERT INTO event SELECT id || 'x', organization_id, property_id, door_id, lock_id, gateway_id, person_id, attempt_id, type, lock_sequence, occurred_at, received_at, detail FROM event LIMIT 1 OFFSET ?",
        )
        .run(dice.below(size(database)));
    },
  },
  {
    name: 'a leaf cut out, the rest numbered anew',
    make(database, dice) {
      const number = inner(database, dice);
      database.prepare('DELETE FROM event WHERE id = (SELECT event_id FROM audit_salt WHERE number = ?)').run(number);
      for (const table of ['audit_leaf', 'audit_salt']) {
        database.prepare(`DELETE FROM ${table} WHERE number = ?`).run(number);
        // One by one from below: the numbers are unique.
        for (let n = number + 1; n <= size(database) + 1; n++) {
          database.prepare(`UPDATE ${table} SET number = number - 1 WHERE number = ?`).run(n);
        }
      }
    },
  },
  {
    name: 'two leaves exchanged',
    make(database, dice) {
      const a = dice.below(size(database) - 1);
      const b = a + 1 + dice.below(size(database) - 1 - a);
      for (const table of ['audit_leaf', 'audit_salt']) {
        for (const [from, to] of [
          [a, -1],
          [b, a],
          [-1, b],
        ] as const) {
          database.prepare(`UPDATE ${table} SET number = ? WHERE number = ?`).run(to, from);
        }
      }
    },
  },
  {
    name: 'the end dropped with its heads',
    make: (database, dice) => dropFrom(database, inner(database, dice)),
  },
  {
    name: 'the end dropped down to an earlier head',
    make: (database, dice) => dropFrom(database, dice.of(headSizes(database).slice(0, -1))),
  },
  {
    name: 'a leaf changed with its hash, and all heads left out',
    make(database, dice) {
      remakeLeaf(database, dice.below(size(database)), (leaf) => ({ ...leaf, type: 'estate.other' }));
      database.exec('DELETE FROM audit_head');
    },
  },
  {
    name: 'a head changed',
    make(database, dice) {
      const at = dice.of(headSizes(database));
      const note = noteOf(database, at);
      const place = dice.below(note.length - 1);
      const other = note[place] === 'A' ? 'B' : 'A';
      setNote(database, at, note.slice(0, place) + other + note.slice(place + 1));
    },
  },
  {
    name: 'signatures of heads exchanged',
    make(database, dice) {
      const sizes = headSizes(database);
      const a = dice.below(sizes.length - 1);
      const [one, two] = [sizes[a] ?? 0, sizes[a + 1] ?? 0];
      const [first = '', firstSigned = ''] = noteOf(database, one).split('\n\n');
      const [second = '', secondSigned = ''] = noteOf(database, two).split('\n\n');
      setNote(database, one, `${first}\n\n${secondSigned}`);
      setNote(database, two, `${second}\n\n${firstSigned}`);
    },
  },
  {
    name: 'a head put in place of another',
    make(database, dice) {
      const sizes = headSizes(database);
      const a = dice.below(sizes.length - 1);
      setNote(database, sizes[a + 1] ?? 0, noteOf(database, sizes[a] ?? 0));
    },
  },
  {
    name: 'a salt changed',
    make(database, dice) {
      const salt = Uint8Array.from({ length: 16 }, () => dice.below(256));
      database.prepare('UPDATE audit_salt SET salt = ? WHERE number = ?').run(salt, dice.below(size(database)));
    },
  },
];
