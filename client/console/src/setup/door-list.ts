import type { DoorKind } from '@cardea/wire-api';

/** A door that a list names. */
export interface ListedDoor {
  readonly name: string;
  /** What the list calls its floor; null where it is on none. */
  readonly floor: string | null;
  readonly kind: DoorKind;
  /** Line of the list, from 1. */
  readonly line: number;
}

/** Why a part of a list cannot be taken. */
export type ListProblem = 'backwards' | 'too_many' | 'too_long' | 'twice' | 'unknown_kind' | 'not_a_name';

/** What a list says, and what of it cannot be taken. */
export interface DoorList {
  readonly doors: readonly ListedDoor[];
  readonly problems: readonly { readonly line: number; readonly text: string; readonly problem: ListProblem }[];
}

/** Most doors that one range stands for: more is a slip of the finger. */
const RANGE_MOST = 300;
/** Most doors of one list. */
const LIST_MOST = 2_000;
/** Most characters of a name. */
const NAME_MOST = 100;

const KINDS: ReadonlyMap<string, DoorKind> = new Map([
  ['guest', 'guest'],
  ['room', 'guest'],
  ['客房', 'guest'],
  ['common', 'common'],
  ['shared', 'common'],
  ['公共', 'common'],
  ['staff', 'staff'],
  ['员工', 'staff'],
]);

/**
 * Reads a list of doors as people write one:
 *
 * ```
 * Ground floor: Lobby (common), Spa (common), Office (staff)
 * Floor 1: 101-112, 114
 * 201-212
 * ```
 *
 * A line is a floor and its doors, or doors alone; doors are parted by commas, semicolons or tabs. `101-112` stands for every
 * number between, `A1-A12` too. A kind in brackets goes with one item, or with the line where it stands before the colon; else
 * it is `usual`. A room number of three or four digits whose line names no floor is on the floor of its number (`1204` on
 * `12`), by `floorOf`. The same name twice is a problem, wherever it stands: names are unique in a property.
 */
export function readDoorList(
  text: string,
  { usual, floorOf }: { readonly usual: DoorKind; readonly floorOf: (level: number) => string },
): DoorList {
  const doors: ListedDoor[] = [];
  const problems: DoorList['problems'][number][] = [];
  const seen = new Set<string>();
  for (const [at, written] of text.split(/\r?\n/).entries()) {
    const line = at + 1;
    const { floor, items } = partsOf(written);
    const heading = kindOf(floor ?? '');
    if (heading.kind === 'unknown') {
      problems.push({ line, text: floor ?? '', problem: 'unknown_kind' });
      continue;
    }
    for (const item of items) {
      const refuse = (problem: ListProblem): void => {
        problems.push({ line, text: item, problem });
      };
      const { name: what, kind } = kindOf(item);
      if (kind === 'unknown') {
        refuse('unknown_kind');
        continue;
      }
      const names = namesOf(what);
      if (typeof names === 'string') {
        refuse(names);
        continue;
      }
      for (const name of names) {
        const problem = problemOf(name, seen, doors.length);
        if (problem !== undefined) {
          refuse(problem);
          break;
        }
        seen.add(name);
        const level = floor === undefined ? levelOfRoom(name) : undefined;
        doors.push({
          name,
          line,
          kind: kind ?? heading.kind ?? usual,
          floor: floor === undefined ? (level === undefined ? null : floorOf(level)) : heading.name,
        });
      }
    }
  }
  return { doors, problems };
}

/** The floor before the colon, and the items behind it or on a line that has none. */
function partsOf(line: string): { readonly floor: string | undefined; readonly items: readonly string[] } {
  const colon = line.search(/[:：]/);
  const floor = colon === -1 ? '' : line.slice(0, colon).trim();
  const items = line
    .slice(colon + 1)
    .split(/[,，;；、\t]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return { floor: floor === '' ? undefined : floor, items };
}

/** A name and the kind that stands in brackets behind it. */
function kindOf(item: string): { readonly name: string; readonly kind: DoorKind | 'unknown' | undefined } {
  const opens = Math.max(item.lastIndexOf('('), item.lastIndexOf('（'));
  if (opens === -1 || !/[)）]$/.test(item)) return { name: item, kind: undefined };
  const word = item
    .slice(opens + 1, -1)
    .trim()
    .toLowerCase();
  return { name: item.slice(0, opens).trimEnd(), kind: KINDS.get(word) ?? 'unknown' };
}

/** Every name that an item stands for. */
function namesOf(item: string): readonly string[] | ListProblem {
  const [, prefix, first, again, last] = /^(\D*)(\d{1,6})\s*[-–—]\s*(\D*)(\d{1,6})$/.exec(item) ?? [];
  if (prefix === undefined || first === undefined || last === undefined) return [item];
  // `A1-B4` is not a range, but may well be a name.
  if (again !== '' && again !== prefix) return [item];
  const from = Number(first);
  const to = Number(last);
  if (to < from) return 'backwards';
  if (to - from >= RANGE_MOST) return 'too_many';
  return Array.from({ length: to - from + 1 }, (_, at) => `${prefix}${String(from + at).padStart(first.length, '0')}`);
}

function problemOf(name: string, seen: ReadonlySet<string>, count: number): ListProblem | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the API takes none of them in a name
  if (name === '' || /[\u0000-\u001f\u007f]/.test(name)) return 'not_a_name';
  if (name.length > NAME_MOST) return 'too_long';
  if (seen.has(name)) return 'twice';
  return count >= LIST_MOST ? 'too_many' : undefined;
}

/** The floor of a room number: all of it but the last two digits. */
function levelOfRoom(name: string): number | undefined {
  return /^\d{3,4}$/.test(name) ? Number(name.slice(0, -2)) : undefined;
}

const GROUND = /^(ground|lobby|reception|g$|gf$|eg$|大堂|大厅)/i;
const BELOW = /^(?:b(?=\d|$)|basement|cellar|lower|ug|地下|负)\D*(\d*)/i;
const CHINESE_DIGITS = '零一二三四五六七八九十';

/**
 * The level of a floor by its name, 0 the ground floor, as far as it can be guessed: `Floor 3`, `3F` and `三层` are 3, `B1` and
 * `Basement` -1.
 */
export function guessLevel(floor: string): number {
  const name = floor.trim();
  if (GROUND.test(name)) return 0;
  const below = BELOW.exec(name);
  if (below !== null) return -within(Number(below[1] || 1), 1, 99);
  const digits = /-?\d{1,3}/.exec(name)?.[0];
  if (digits !== undefined) return within(Number(digits), -99, 999);
  const chinese = /[零一二三四五六七八九十]/.exec(name)?.[0];
  return chinese === undefined ? 0 : CHINESE_DIGITS.indexOf(chinese);
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
