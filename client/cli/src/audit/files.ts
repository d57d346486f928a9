import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { AuditError, decodeExportLine, linesIn } from '@cardea/wire-audit';
import { CliError, usage } from '../errors.ts';
import type { Io } from '../io.ts';

/** What an audit file is, by how it begins: `heads` is what a witness holds, a line a head. */
export type AuditFileKind = 'export' | 'proof' | 'heads';

const BEGINNINGS: readonly (readonly [string, AuditFileKind])[] = [
  ['{"cardea_audit_export"', 'export'],
  ['{\n  "cardea_audit_proof"', 'proof'],
  ['{"head"', 'heads'],
];

/** Tells an export from a proof and from a witness's file. @throws CliError `usage`, `failed` */
export function auditFileKind(io: Io, file: string): AuditFileKind {
  const beginning = Buffer.alloc(64);
  try {
    const handle = openSync(resolve(io.cwd, file), 'r');
    try {
      readSync(handle, beginning);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw usage(`${file} cannot be read (${reasonOf(error)})`, 'correct the path');
  }
  const text = beginning.toString('latin1');
  const known = BEGINNINGS.find(([begins]) => text.startsWith(begins));
  if (known !== undefined) return known[1];
  throw new CliError('failed', `${file} is no export, no proof and no file of heads of an audit log`, {
    remedy: 'give the file as it was made; if it is the one, its beginning was changed',
  });
}

/** The lines of a file, one after the other. */
export function fileLines(io: Io, file: string): AsyncGenerator<string, void, void> {
  return linesIn(createReadStream(resolve(io.cwd, file), 'utf8'));
}

/** The first line of a file. @throws CliError `failed` when it has no end */
export async function firstLine(io: Io, file: string): Promise<string> {
  try {
    for await (const line of fileLines(io, file)) return line;
    return '';
  } catch (error) {
    if (error instanceof AuditError) throw new CliError('failed', `${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The whole of a small file. @throws CliError `usage` */
export function fileText(io: Io, file: string): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw usage(`${file} cannot be read (${reasonOf(error)})`, 'correct the path');
  }
}

/**
 * The signed notes of a witness's file, and how many of its lines are none: a write that a power cut ended leaves one.
 * Passing over them hides nothing that leaving them out would not. @throws CliError `usage` when it cannot be read
 */
export async function witnessedNotes(
  io: Io,
  file: string,
): Promise<{ readonly notes: readonly string[]; readonly unreadable: number }> {
  const notes: string[] = [];
  let unreadable = 0;
  try {
    for await (const line of fileLines(io, file)) {
      const note = noteOf(line);
      if (note === undefined) unreadable++;
      else notes.push(note);
    }
  } catch (error) {
    if (!(error instanceof AuditError)) throw usage(`${file} cannot be read (${reasonOf(error)})`, 'correct the path');
    unreadable++;
  }
  return { notes, unreadable };
}

function noteOf(line: string): string | undefined {
  try {
    const entry = decodeExportLine(line);
    return entry.kind === 'head' ? entry.note : undefined;
  } catch (error) {
    if (error instanceof AuditError) return undefined;
    throw error;
  }
}

/** What `read` gives; a malformed file is a failure of what was to be shown, not of the command line. */
export function orFailed<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuditError) throw new CliError('failed', `${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
