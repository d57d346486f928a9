import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artefact } from './search.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const WORKSPACES = [
  'kit',
  'wire',
  'server',
  'gateway',
  'lock',
  'client',
  'twin',
  'e2e',
  'bench',
  'app',
  'docs',
  'examples',
];
const LEFT_OUT = new Set(['node_modules', '.cache', 'data', 'dist']);
const LARGEST_OCTETS = 2 * 1024 * 1024;
/** A private key that was left in a file: the frame of PEM with something in it. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/;

/** Everything that a package of this repository would carry, as one artefact, and the files with a private key in them. */
export function packageContents(): { readonly artefact: Artefact; readonly withKeys: readonly string[] } {
  const parts: Buffer[] = [];
  const withKeys: string[] = [];
  const look = (path: string): void => {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry?.isDirectory()) {
      for (const name of readdirSync(path)) if (!LEFT_OUT.has(name)) look(join(path, name));
    } else if (entry?.isFile() && entry.size <= LARGEST_OCTETS) {
      const octets = readFileSync(path);
      parts.push(octets);
      if (PRIVATE_KEY.test(octets.toString('latin1'))) withKeys.push(relative(ROOT, path));
    }
  };
  for (const name of WORKSPACES) look(join(ROOT, name));
  return { artefact: { name: 'what the packages hold', octets: Buffer.concat(parts) }, withKeys };
}
