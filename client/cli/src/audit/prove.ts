import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fromBase64 } from '@cardea/kit-octets';
import { encodeProof, type Proof, verifyProof } from '@cardea/wire-audit';
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
  const { opening } = answer;
  const proof: Proof = orFailed('the proof', () => ({
    origin: log.origin,
    publicKey: log.publicKey,
    number: answer.number,
    size: answer.size,
    leaf: answer.leaf,
    proof: answer.proof.map((hash) => fromBase64(hash)),
    head: answer.head,
    opening: opening && { salt: fromBase64(opening.salt), about: opening.about, detail: opening.detail },
  }));
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
