import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attack, type AttackResult, resultOf, type Trial } from './attack.ts';
import { writeSecrets } from './secrets/doubles.ts';
import { runInstallation } from './secrets/installation.ts';
import { packageContents } from './secrets/packages.ts';
import { type Artefact, type Canary, findSecrets } from './secrets/search.ts';

/**
 * Attack 39: whoever gets hold of a log, a dump, a backup, an export or an error answer looks for secrets in it. A whole
 * installation is run with every secret known, used rightly and wrongly, and all that it leaves is searched, in every
 * writing of each secret.
 */
export const leakedSecrets: Attack = {
  id: 39,
  title: 'secrets in logs, error answers, dumps, the record, backups, exports, journals and process lists',
  weakDouble: 'a logger that writes what it is given, and a record whose envelope seals nothing',
  run: async ({ weak }): Promise<AttackResult> => {
    const written = await writeSecrets(weak);
    const trials = searched(written.canaries, written.artefacts);
    return resultOf(weak ? trials : [...trials, ...(await installationTrials())]);
  },
};

async function installationTrials(): Promise<readonly Trial[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-39-'));
  try {
    const { canaries, artefacts, readable, worked } = await runInstallation(folder);
    const packages = packageContents();
    return [
      ...worked.map(({ name, well }) => ({ name: `${name} (else the search shows nothing)`, through: !well })),
      ...searched(canaries, [...artefacts, packages.artefact]),
      {
        name: `private keys in the packages ${packages.withKeys.join(', ')}`.trim(),
        through: packages.withKeys.length > 0,
      },
      { name: `files that others may read ${readable.join(', ')}`.trim(), through: readable.length > 0 },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One trial an artefact: every secret is looked for in it. */
function searched(canaries: readonly Canary[], artefacts: readonly Artefact[]): readonly Trial[] {
  const findings = findSecrets(canaries, artefacts);
  return artefacts.map(({ name, octets }) => {
    const found = findings.filter(({ artefact }) => artefact === name);
    const what = found.map(({ canary, writing }) => `${canary} (${writing})`).join(', ');
    return {
      name: `${name}, ${octets.length} octets${what === '' ? '' : `: ${what}`}`,
      through: found.length > 0,
      tried: canaries.length,
    };
  });
}
