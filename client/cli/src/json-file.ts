import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { usage } from './errors.ts';
import type { Io } from './io.ts';

/** A JSON object from a file. @throws CliError `usage`, naming the file and what is wrong with it */
export function readJsonFile(io: Io, file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw usage(
      `${file} cannot be read (${error instanceof Error ? error.message : String(error)})`,
      'correct the path',
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw usage(
      `${file} is not JSON (${error instanceof Error ? error.message : String(error)})`,
      'give the file as it was made',
    );
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw usage(`${file} is not a JSON object`, 'give the file as it was made');
  }
  return { ...parsed };
}
