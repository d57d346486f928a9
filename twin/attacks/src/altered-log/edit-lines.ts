import type { Dice } from './dice.ts';

/** A log as its editor sees it: lines of facts, and whatever seals stand between them. */
export interface EditableLog {
  readonly lines: readonly string[];
  /** Which lines are facts, which seals. */
  isFact(line: string): boolean;
  /** Moves the time that a fact says back, in its text alone. */
  dateBack(line: string): string;
  /** Another fact in place of the one that the line says. */
  rewrite(line: string): string;
  /** All that whoever holds no key can put right afterwards: numbers, hashes, counts. */
  repair(lines: readonly string[]): readonly string[];
  /** The log written anew from a fact on, sealed by a key of the editor's own. */
  fork(from: number): Promise<readonly string[]>;
}

/** One way to alter a log. */
export interface LineEdit {
  readonly name: string;
  make(log: EditableLog, dice: Dice): Promise<readonly string[]> | readonly string[];
}

const places = (log: EditableLog, wanted: boolean): readonly number[] =>
  log.lines.flatMap((line, i) => (i > 0 && log.isFact(line) === wanted ? [i] : []));

const changed = (lines: readonly string[], at: number, to: string): readonly string[] =>
  lines.map((line, i) => (i === at ? to : line));

/** An octet of a line turned into another one. */
function scratched(line: string, dice: Dice): string {
  const at = dice.below(line.length);
  const other = String.fromCharCode(32 + ((line.charCodeAt(at) - 32 + 1 + dice.below(94)) % 95));
  return line.slice(0, at) + other + line.slice(at + 1);
}

const fact = (log: EditableLog, dice: Dice, edit: (line: string) => string): readonly string[] => {
  const at = dice.of(places(log, true));
  return changed(log.lines, at, edit(log.lines[at] ?? ''));
};

/** Each way, plain and then with everything put right that needs no key. */
export const lineEdits: readonly LineEdit[] = [
  {
    name: 'a character changed anywhere',
    make: (log, dice) => {
      const at = dice.below(log.lines.length);
      return changed(log.lines, at, scratched(log.lines[at] ?? '', dice));
    },
  },
  {
    name: 'a character changed in the first line',
    make: (log, dice) => changed(log.lines, 0, scratched(log.lines[0] ?? '', dice)),
  },
  { name: 'a fact dated back', make: (log, dice) => fact(log, dice, (line) => log.dateBack(line)) },
  {
    name: 'a fact dated back, repaired',
    make: (log, dice) => log.repair(fact(log, dice, (line) => log.dateBack(line))),
  },
  { name: 'a fact rewritten, repaired', make: (log, dice) => log.repair(fact(log, dice, (line) => log.rewrite(line))) },
  {
    name: 'a fact cut out',
    make: (log, dice) => {
      const at = dice.of(places(log, true));
      return log.lines.filter((_, i) => i !== at);
    },
  },
  {
    name: 'a fact cut out, repaired',
    make: (log, dice) => {
      const at = dice.of(places(log, true));
      return log.repair(log.lines.filter((_, i) => i !== at));
    },
  },
  { name: 'two facts exchanged', make: (log, dice) => exchanged(log, dice) },
  { name: 'two facts exchanged, repaired', make: (log, dice) => log.repair(exchanged(log, dice)) },
  {
    name: 'a fact told twice, repaired',
    make: (log, dice) => {
      const at = dice.of(places(log, true));
      return log.repair([...log.lines.slice(0, at), log.lines[at] ?? '', ...log.lines.slice(at)]);
    },
  },
  {
    name: 'the end dropped, repaired',
    make: (log, dice) => log.repair(log.lines.slice(0, dice.of(places(log, true)))),
  },
  {
    name: 'the end dropped down to an earlier seal, repaired',
    make: (log, dice) => {
      const seals = places(log, false).slice(0, -1);
      return log.repair(log.lines.slice(0, seals.length === 0 ? dice.of(places(log, true)) : dice.of(seals) + 1));
    },
  },
  {
    name: 'forked: written anew under a key of the editor',
    make: (log, dice) => log.fork(dice.of(places(log, true)) - 1),
  },
  {
    name: 'a seal left out',
    make: (log, dice) => {
      const last = places(log, false).at(-1);
      if (last === undefined) return log.repair(fact(log, dice, (line) => log.rewrite(line)));
      return log.repair(fact(log, dice, (line) => log.rewrite(line)).filter((line, i) => log.isFact(line) || i === 0));
    },
  },
  {
    name: 'seals exchanged',
    make: (log, dice) => {
      const seals = places(log, false);
      if (seals.length < 2) return log.repair(exchanged(log, dice));
      const a = dice.below(seals.length - 1);
      return swapped(log.lines, seals[a] ?? 0, seals[a + 1 + dice.below(seals.length - 1 - a)] ?? 0);
    },
  },
];

function exchanged(log: EditableLog, dice: Dice): readonly string[] {
  const facts = places(log, true);
  const a = dice.below(facts.length - 1);
  return swapped(log.lines, facts[a] ?? 0, facts[a + 1 + dice.below(facts.length - 1 - a)] ?? 0);
}

function swapped(lines: readonly string[], a: number, b: number): readonly string[] {
  return lines.map((line, i) => (i === a ? (lines[b] ?? '') : i === b ? (lines[a] ?? '') : line));
}
