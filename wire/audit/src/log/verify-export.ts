import { equal } from '@cardea/kit-octets';
import { AuditError } from '../errors.ts';
import { decodeExportHeader, decodeExportLine, type ExportHeader } from './export.ts';
import type { LogReport } from './report.ts';
import { createLogVerifier, type LogVerification } from './verify-log.ts';

/** What an export is verified by; what is not known from elsewhere is taken from its own header. */
export type ExportVerification = Omit<LogVerification, 'publicKey' | 'origin' | 'whole'> & {
  readonly publicKey?: Uint8Array | undefined;
  readonly origin?: string | undefined;
  /** Told after each so many leaves. */
  readonly onProgress?: (leaves: number, size: number) => void;
};

/** The report on an export, with what its header says. */
export interface ExportReport extends LogReport {
  readonly header: ExportHeader;
}

const PROGRESS_LEAVES = 1000;

/**
 * Verifies an export line by line, in memory that does not grow with it. A line that is none counts as the leaf that should
 * be there. @throws AuditError `malformed` when the first line is no header
 */
export async function verifyExport(
  verification: ExportVerification,
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<ExportReport> {
  let verifier: ReturnType<typeof createLogVerifier> | undefined;
  let header: ExportHeader | undefined;
  for await (const line of lines) {
    if (header === undefined || verifier === undefined) {
      header = decodeExportHeader(line);
      const { publicKey = header.publicKey, origin = header.origin } = verification;
      verifier = createLogVerifier({ ...verification, publicKey, origin, whole: true });
      if (!equal(publicKey, header.publicKey)) verifier.found({ kind: 'header', why: 'key' });
      if (origin !== header.origin) verifier.found({ kind: 'header', why: 'origin' });
      continue;
    }
    let entry: ReturnType<typeof decodeExportLine>;
    try {
      entry = decodeExportLine(line);
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      verifier.found({ kind: 'leaf', number: verifier.leaves, why: 'malformed' });
      continue;
    }
    if (entry.kind === 'head') {
      await verifier.head(entry.note);
      continue;
    }
    verifier.leaf(entry);
    if (verifier.leaves % PROGRESS_LEAVES === 0) verification.onProgress?.(verifier.leaves, header.size);
  }
  if (header === undefined || verifier === undefined) throw new AuditError('malformed', 'export', 'is empty');
  if (verifier.leaves < header.size) {
    verifier.found({ kind: 'head', of: 'log', after: verifier.leaves, until: header.size, why: 'cut' });
  } else if (verifier.leaves > header.size) {
    verifier.found({ kind: 'leaf', number: header.size, why: 'out_of_place' });
  }
  return { ...verifier.end(), header };
}
