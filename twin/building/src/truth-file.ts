import { openSync, readFileSync, writeSync } from 'node:fs';
import type { Cause, Witnessed } from '@cardea/lock';

/** What was seen at one lock, and when by true time (Unix milliseconds of this machine, not of the lock). */
export type Truth = Witnessed & { readonly atMs: number; readonly lock: string };

/** A file that says what the bolts of a building really did. */
export interface TruthFile {
  write(truth: Truth): void;
}

/**
 * Opens a truth file, one JSON object a line: `at_ms`, `lock`, `kind` (powered, moving, rest) and what that kind has of
 * `operation`, `cause`, `bolt_out`, `jammed`. A line is handed to the system before `write` returns, so that a killed
 * building has said everything that its bolts did.
 */
export function openTruthFile(path: string): TruthFile {
  const file = openSync(path, 'a', 0o600);
  return { write: (truth) => void writeSync(file, `${JSON.stringify(encodeTruth(truth))}\n`) };
}

/** Everything in a truth file, in the order in which it was seen. @throws Error naming the line that is none */
export function readTruthFile(path: string): readonly Truth[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, at) => decodeTruth(JSON.parse(line), `${path}:${at + 1}`));
}

function encodeTruth(truth: Truth): Record<string, unknown> {
  const common = { at_ms: truth.atMs, lock: truth.lock, kind: truth.kind };
  switch (truth.kind) {
    case 'powered':
      return { ...common, bolt_out: truth.boltOut };
    case 'moving':
      return { ...common, operation: truth.operation, cause: truth.cause };
    case 'rest':
      return {
        ...common,
        operation: truth.operation,
        cause: truth.cause,
        bolt_out: truth.boltOut,
        jammed: truth.jammed,
      };
  }
}

function decodeTruth(value: Readonly<Record<string, unknown>>, where: string): Truth {
  const { at_ms: atMs, lock, kind, operation, cause, bolt_out: boltOut, jammed } = value;
  const bad = (): Error => new Error(`${where}: says nothing of a bolt`);
  if (typeof atMs !== 'number' || typeof lock !== 'string') throw bad();
  if (kind === 'powered' && typeof boltOut === 'boolean') return { atMs, lock, kind, boltOut };
  if ((operation !== 'unlock' && operation !== 'lock') || !isCause(cause)) throw bad();
  if (kind === 'moving') return { atMs, lock, kind, operation, cause };
  if (kind !== 'rest' || typeof boltOut !== 'boolean' || typeof jammed !== 'boolean') throw bad();
  return { atMs, lock, kind, operation, cause, boltOut, jammed };
}

function isCause(value: unknown): value is Cause {
  return value === 'command' || value === 'relock' || value === 'knob';
}
