import {
  AuditError,
  decodeExportHeader,
  decodeProof,
  type ExportReport,
  extendsHead,
  goneFrom,
  type LogReport,
  openHead,
  publicKeyOf,
  type TreeHead,
  treeHash,
  verifyExport,
  verifyProof,
} from '@cardea/wire-audit';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { progressLine } from '../output/progress-line.ts';
import { plain } from '../output/table.ts';
import { auditFileKind, fileLines, fileText, firstLine, orFailed, witnessedNotes } from './files.ts';
import { proofDocument, proofText } from './proof-report.ts';
import { reportDocument, reportText } from './report.ts';
import { keepHead, logOf, type TrustedLog, trustedLog, verification } from './trusted-log.ts';

/** Reads the log of the server from its first leaf, and remembers its newest head when all holds. */
export async function verifyOnline(context: Context): Promise<number> {
  const api = context.api();
  const log = await trustedLog(context, api);
  const report = await readLog(context, log, api.audit.export({ signal: context.io.interrupted }));
  keepIfGood(context, log, report);
  return printReport(context, report, log);
}

/** Remembers the newest head of a log in which nothing was found. */
export function keepIfGood(context: Context, log: TrustedLog, report: LogReport): void {
  if (report.ok && report.newest !== undefined) keepHead(context, log, report.newest.note, goneFrom(report));
}

/** Verifies a log as it comes, line by line, with a progress line. @throws CliError `failed` when it is none */
export async function readLog(
  context: Context,
  log: TrustedLog,
  lines: AsyncIterable<string>,
  seen: readonly TreeHead[] = log.seen,
): Promise<ExportReport> {
  const progress = progressLine(context.io);
  try {
    return await verifyExport(
      {
        ...verification,
        publicKey: log.publicKey,
        origin: log.origin,
        seen,
        onProgress: (leaves, size) => progress.show(`${leaves} of ${size} leaves verified`),
      },
      lines,
    );
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new CliError('failed', `the log cannot be read: ${error.message}`, { cause: error });
  } finally {
    progress.clear();
  }
}

/** Prints a report; its exit code. */
export function printReport(context: Context, report: LogReport, log: TrustedLog): number {
  context.print(reportDocument(report, log), () => reportText(report, log, context.io.colors));
  return report.ok ? EXIT.succeeded : EXIT.failed;
}

/** The newest head, and by consistency proofs that the last head seen before is its past. */
export async function verifyQuickly(context: Context): Promise<number> {
  const api = context.api();
  const log = await trustedLog(context, api);
  const answer = await api.audit.head();
  const head = await openHead(verification.primitives, verification.verify, log.publicKey, answer.note);
  if (head === undefined || head.origin !== log.origin) {
    throw new CliError('failed', `the newest head of ${log.origin} is not signed by its key`);
  }
  const before = log.seen.at(-1);
  const tree = treeHash(verification.primitives);
  const prove = async (from: number, to: number) => (await api.audit.consistency(from, to)).proof;
  const goesOn = async (past: TreeHead) => {
    try {
      return await extendsHead(tree, past, head, prove);
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      throw new CliError('failed', `the proof: ${error.message}`, { cause: error });
    }
  };
  if (before !== undefined && !(await goesOn(before))) {
    throw new CliError(
      'failed',
      `the log of ${head.size} leaves has not the head of ${before.size} leaves, seen before, as its past`,
      { remedy: 'run `cardea audit verify`, which says where it was changed, or that it was restored from a backup' },
    );
  }
  keepHead(context, log, answer.note, undefined);
  const past = before === undefined ? '' : ` and goes on from the one of ${before.size} seen before`;
  context.print(
    { ok: true, origin: log.origin, key: log.key, newest_head: answer.note, seen: before?.size ?? null },
    () =>
      `${context.io.colors.green('✓')} ${plain(log.origin)}: the head of ${head.size} leaves is signed${past}; leaves were not read\n`,
  );
  return EXIT.succeeded;
}

/** Verifies a file of any kind, by the key given, else the pinned one, else its own. */
export async function verifyFile(context: Context, file: string, keyGiven: string | undefined): Promise<number> {
  const key = keyGiven === undefined ? undefined : keyOf(keyGiven);
  switch (auditFileKind(context.io, file)) {
    case 'export':
      return verifyExportFile(context, file, key);
    case 'proof':
      return verifyProofFile(context, file, key);
    case 'heads':
      return verifyWitnessed(context, file);
  }
}

async function verifyExportFile(context: Context, file: string, key: Uint8Array | undefined): Promise<number> {
  const first = await firstLine(context.io, file);
  const header = orFailed(file, () => decodeExportHeader(first));
  const log = withKey(logOf(context, header.origin, header.publicKey), key);
  // An export is of its day: only what was seen up to then can be asked of it.
  const seen = log.seen.filter(({ size }) => size <= header.size);
  return printReport(context, await readLog(context, log, fileLines(context.io, file), seen), log);
}

async function verifyProofFile(context: Context, file: string, key: Uint8Array | undefined): Promise<number> {
  const proof = orFailed(file, () => decodeProof(fileText(context.io, file)));
  const log = withKey(logOf(context, proof.origin, proof.publicKey), key);
  const report = await verifyProof({ ...verification, publicKey: log.publicKey }, proof);
  context.print(proofDocument(report, proof, log), () => proofText(report, proof, log, context.io.colors));
  return report.ok ? EXIT.succeeded : EXIT.failed;
}

/** Verifies that the log of the server has every head of a witness's file as its past. */
export async function verifyWitnessed(context: Context, file: string): Promise<number> {
  const { notes, unreadable } = await witnessedNotes(context.io, file);
  if (unreadable > 0) context.io.err(`${file}: passed over what cannot be read: ${unreadable} of its lines\n`);
  const api = context.api();
  const log = await trustedLog(context, api);
  const heads: TreeHead[] = [];
  for (const note of notes) {
    const head = await openHead(verification.primitives, verification.verify, log.publicKey, note);
    if (head === undefined) {
      throw new CliError('failed', `${file}: its head ${heads.length + 1} is not signed by the log's key`);
    }
    heads.push(head);
  }
  // A witness may hold the heads of several logs in one file.
  const own = heads.filter(({ origin }) => origin === log.origin);
  if (own.length === 0) throw new CliError('failed', `${file} holds no head of ${log.origin}`);
  const report = await readLog(context, log, api.audit.export({ signal: context.io.interrupted }), own);
  return printReport(context, report, log);
}

/** The key that was given. @throws CliError `usage` */
function keyOf(given: string): Uint8Array {
  try {
    return publicKeyOf(given);
  } catch (cause) {
    if (!(cause instanceof AuditError)) throw cause;
    throw new CliError('usage', `--key is no public key (${cause.message})`, {
      field: '--key',
      remedy: 'give it as `cardea audit verify` prints it',
      cause,
    });
  }
}

function withKey(log: TrustedLog, key: Uint8Array | undefined): TrustedLog {
  return key === undefined ? log : { ...log, publicKey: key, key: 'pinned' };
}
