import { say } from '@cardea/client-ui';
import type { Finding } from '@cardea/wire-audit';
import { auditTexts } from './texts.ts';

/** What is wrong with a log, and where, in a sentence. */
export function findingWords(finding: Finding): string {
  switch (finding.kind) {
    case 'leaf':
      return say(auditTexts, `leaf_${finding.why}`, { number: finding.number });
    case 'head': {
      const { after, until, why, of } = finding;
      return say(auditTexts, `head_${why}`, {
        after,
        until,
        head: say(auditTexts, of === 'log' ? 'headOwn' : 'headSeen'),
      });
    }
    case 'header':
      return say(auditTexts, finding.why === 'key' ? 'header_key' : 'header_origin');
    case 'unsigned':
      return say(auditTexts, 'unsignedEnd', { after: finding.after, last: finding.size - 1 });
  }
}
