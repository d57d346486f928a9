import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test whose title begins with ids of sentences. */
export interface Proof {
  readonly ids: readonly string[];
  /** From the root of the repository. */
  readonly file: string;
  /** What follows the ids. */
  readonly title: string;
}

/** One id: a clause (or `A` of the annex) and a place in it. */
const ID = String.raw`(?:\d(?:\.\d+)+|A)-[0-9a-z]+`;
/** A string that begins with ids, and what stands before it: a call, or the start of a row of `it.each`. */
const TITLE = new RegExp(String.raw`([\w.)]+\(\s*|\[\s*)(['"\`])((?:${ID} )+)((?:\\.|(?!\2).)*)\2`, 'gs');

/**
 * The tests in a folder whose titles begin with ids. Titles are read as they are written, so that a table can be made
 * of them without running anything. @throws Error where ids stand that no test runs (`describe`, `it.skip`, `it.todo`)
 */
export function proofsIn(root: string, folder: string): readonly Proof[] {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.ts'));
  return files.sort().flatMap((name) => {
    const file = `${folder}/${name}`;
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(TITLE)].map(([, before = '', , ids = '', title = '']): Proof => {
      if (/^describe|skip|todo/.test(before)) throw new Error(`${file}: ids stand in titles of tests that run: ${ids}`);
      return { ids: ids.trim().split(' '), file, title: title.replaceAll(/\$\{([^}]*)\}/g, '<$1>') };
    });
  });
}
