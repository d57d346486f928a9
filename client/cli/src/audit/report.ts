import { toBase64 } from '@cardea/kit-octets';
import { type AdmittedRestore, describeFinding, type LogReport } from '@cardea/wire-audit';
import type { Colors } from '../io.ts';
import { plain } from '../output/table.ts';
import type { TrustedLog } from './trusted-log.ts';

/** A report as --json prints it. */
export function reportDocument(report: LogReport, log: TrustedLog): Record<string, unknown> {
  return {
    ok: report.ok,
    origin: report.origin,
    key: log.key,
    leaves: report.leaves,
    root: toBase64(report.root),
    heads: report.heads,
    heads_seen_before: report.seen,
    newest_head: report.newest?.note ?? null,
    uncovered: report.uncovered,
    restores: report.restores.map(({ number, cameBackAt, time, told, gone }) => ({
      leaf: number,
      came_back_at: cameBackAt,
      restored_at: new Date(time).toISOString(),
      gone,
      told,
    })),
    findings: report.findings.map((finding) => ({ ...finding, says: describeFinding(finding) })),
  };
}

/** A report for people: what holds, or the first thing that does not. */
export function reportText(report: LogReport, log: TrustedLog, colors: Colors): string {
  const lines: string[] = [];
  const [first, ...more] = report.findings;
  if (first === undefined) {
    const seen = report.seen === 0 ? '' : `, and ${count(report.seen, 'head')} seen before`;
    lines.push(
      `${colors.green('✓')} ${plain(report.origin)}: ${count(report.leaves, 'leaf', 'leaves')} as signed ` +
        `in ${count(report.heads, 'head')}${seen}`,
    );
    const newest = report.newest?.head;
    if (newest !== undefined) {
      lines.push(`  root ${toBase64(newest.root)}, signed ${new Date(newest.time).toISOString()}`);
    }
  } else {
    lines.push(`${colors.red('✗')} ${plain(report.origin)}: ${describeFinding(first)}`);
    for (const finding of more.slice(0, 4)) lines.push(`  and ${describeFinding(finding)}`);
    const newest = report.newest?.head;
    if (newest !== undefined) {
      lines.push(`  last good head: ${newest.size} leaves, signed ${new Date(newest.time).toISOString()}`);
    }
    lines.push('  keep this output and the heads witnessed outside; compare with a backup or an export from before');
  }
  for (const restore of report.restores) lines.push(`  ${restoreText(restore)}`);
  if (log.key === 'new') lines.push(`  key seen for the first time and pinned: ${toBase64(log.publicKey)}`);
  if (log.key === 'unknown') {
    lines.push('  by the key that it names itself: compare it with what you know of the log');
    lines.push(`  ${toBase64(log.publicKey)}`);
  }
  return `${lines.join('\n')}\n`;
}

function restoreText({ cameBackAt, time, gone }: AdmittedRestore): string {
  const at = new Date(time).toISOString();
  return gone > 0
    ? `restored from a backup at ${at}: ${count(gone, 'leaf', 'leaves')} of the former log are gone (from leaf ${cameBackAt})`
    : `restored from a backup at ${at}: it came back with ${count(cameBackAt, 'leaf', 'leaves')}`;
}

const count = (value: number, one: string, many = `${one}s`): string => `${value} ${value === 1 ? one : many}`;
