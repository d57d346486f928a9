import { stripVTControlCharacters } from 'node:util';

/** Text as it may stand on a terminal: what others named cannot move its cursor or colour it. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}

/** Columns for people, as wide as their widest cell, under a heading; cells are already {@link plain} or coloured. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    heading
      .map((_, column) => (row[column] ?? '') + ' '.repeat((widths[column] ?? 0) - width(row[column] ?? '')))
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}

/** One thing's fields, a line each, names padded to one width. */
export function fields(rows: readonly (readonly [string, string])[]): string {
  const widest = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(widest)}  ${value}\n`).join('');
}

const width = (cell: string): number => [...stripVTControlCharacters(cell)].length;
