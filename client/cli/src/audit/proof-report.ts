import type { Proof, ProofReport } from '@cardea/wire-audit';
import type { Colors } from '../io.ts';
import { plain } from '../output/table.ts';
import type { TrustedLog } from './trusted-log.ts';

type Refused = Extract<ProofReport, { ok: false }>['why'];

const WHY: { readonly [Why in Refused]: string } = {
  leaf: 'its leaf cannot be read as one',
  signature: "its head is not signed by the log's key",
  origin: 'its head is one of another log or of another size',
  inclusion: 'its leaf is not in the tree that the head was signed over',
  opening: 'its opening is not what the leaf was made of',
};

/** What a proof shows, as --json prints it. */
export function proofDocument(report: ProofReport, proof: Proof, log: TrustedLog): Record<string, unknown> {
  const about = { origin: proof.origin, key: log.key, leaf: proof.number, size: proof.size };
  if (!report.ok) return { ok: false, ...about, why: report.why, says: WHY[report.why] };
  return {
    ok: true,
    ...about,
    event: report.leaf.id,
    type: report.leaf.type,
    received_at: new Date(report.leaf.receivedAt).toISOString(),
    signed_at: new Date(report.head.time).toISOString(),
    opening: proof.opening && { about: proof.opening.about, detail: proof.opening.detail },
  };
}

/** What a proof shows, for people. */
export function proofText(report: ProofReport, proof: Proof, log: TrustedLog, colors: Colors): string {
  if (!report.ok) return `${colors.red('✗')} this proves nothing: ${WHY[report.why]}\n`;
  const { leaf, head } = report;
  const lines = [
    `${colors.green('✓')} ${leaf.id} is leaf ${proof.number} of ${plain(proof.origin)}`,
    `  ${leaf.type}, received ${new Date(leaf.receivedAt).toISOString()}`,
    `  under the head of ${head.size} leaves, signed ${new Date(head.time).toISOString()}`,
  ];
  if (proof.opening === null) lines.push('  what it is about is not shown: there is no opening in the proof');
  else {
    const shown = Object.entries({ ...proof.opening.about, ...proof.opening.detail }).filter(
      ([, value]) => value !== null,
    );
    for (const [name, value] of shown) lines.push(`  ${plain(name)}: ${plain(String(value))}`);
  }
  if (log.key !== 'pinned') lines.push('  by the key that it names itself: compare it with what you know of the log');
  return `${lines.join('\n')}\n`;
}
