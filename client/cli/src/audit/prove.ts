import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { encodeProof, proofOf, verifyProof } from '@cardea/wire-audit';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { knownById } from '../resolve.ts';
import { orFailed } from './files.ts';
import { proofDocument, proofText } from './proof-report.ts';
import { trustedLog, verification } from './trusted-log.ts';

/** Fetches the proof of an event, verifies it, and writes it where it was asked to. */
export async function prove(context: Context, event: string, { out }: { readonly out?: string }): Promise<number> {
  const api = context.api();
  const log = await trustedLog(context, api);
  const answer = await knownById('event', event, () => api.audit.inclusion(event));
  const proof = orFailed('the proof', () => proofOf({ ...answer, origin: log.origin }, log.publicKey));
  const report = await verifyProof({ ...verification, publicKey: log.publicKey }, proof);
  if (report.ok && report.leaf.id !== event)
    throw new CliError('failed', `the server proved ${report.leaf.id} instead`);
  if (report.ok && out !== undefined) write(resolve(context.io.cwd, out), encodeProof(proof));
  context.print(
    { ...proofDocument(report, proof, log), file: report.ok ? (out ?? null) : null },
    () =>
      proofText(report, proof, log, context.io.colors) +
      (report.ok && out !== undefined ? `  written to ${out}\n` : ''),
  );
  return report.ok ? EXIT.succeeded : EXIT.failed;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CliError(
      'usage',
      `${path} cannot be written (${error instanceof Error ? error.message : String(error)})`,
      {
        field: '--out',
        remedy: 'name a file that you can write',
      },
    );
  }
}
