import { fileURLToPath } from 'node:url';
import { CLAUSE_7 } from './scpm/clause-7.ts';
import { CLAUSE_8 } from './scpm/clause-8.ts';
import { CLAUSE_9 } from './scpm/clause-9.ts';
import { type Proof, proofsIn } from './scpm/proofs.ts';
import type { Sentence } from './scpm/sentence.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['wire/scpm/test', 'gateway/test'];

/**
 * docs/reference/scpm-clauses.md: each normative sentence of the standard with the tests that prove it.
 * @throws Error when a sentence has no test, or a test names a sentence that there is not
 */
export function files(): Record<string, string> {
  const sentences = [...CLAUSE_7, ...CLAUSE_8, ...CLAUSE_9];
  const proofs = FOLDERS.flatMap((folder) => proofsIn(ROOT, folder));
  const faults = faultsOf(sentences, proofs);
  if (faults.length > 0) throw new Error(`docs/generate/scpm-clauses.ts:\n${faults.join('\n')}`);
  const row = ({ id, says, isOurs }: Sentence): string => {
    const tests = proofs
      .filter(({ ids }) => ids.includes(id))
      .map(({ file, title }) => `\`${file.replace(/^.*\//, '')}\` ${escaped(title)}`);
    return `| ${id} | ${isOurs ? '*ours* ' : ''}${escaped(says)} | ${tests.join('<br>')} |`;
  };
  const text = `# The clauses of SCPM and their tests

Each normative sentence of clauses 7 to 9.3.1 of ISO/IEC 24767-2:2009, in few words of ours, with the tests in
\`${FOLDERS.join('` and `')}\` that prove it: their titles begin with its id, the clause and the step, or a number in the order of
the text. The text that we have ends within 9.3.1; what is marked *ours* stands in place of the rest (docs/scpm.md). Where
the text says "encrypted" or "authenticated", \`standard\` does as it says, and \`hardened\` as docs/scpm.md tells.
Written from \`docs/generate/scpm\`.

| id | what it says | tests |
|---|---|---|
${sentences.map(row).join('\n')}
`;
  return { 'docs/reference/scpm-clauses.md': text };
}

function faultsOf(sentences: readonly Sentence[], proofs: readonly Proof[]): readonly string[] {
  const known = new Set(sentences.map(({ id }) => id));
  const proved = new Set(proofs.flatMap(({ ids }) => ids));
  const unproved = sentences.filter(({ id }) => !proved.has(id)).map(({ id, says }) => `${id}: no test (${says})`);
  const unknown = proofs.flatMap(({ ids, file, title }) =>
    ids.filter((id) => !known.has(id)).map((id) => `${file}: no sentence ${id} (${title})`),
  );
  return [...unproved, ...unknown];
}

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll("\\'", "'");
