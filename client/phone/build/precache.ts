import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';
import type { Precache } from '../src/worker/precache.ts';

/**
 * Tells the service worker of what this build consists: a constant `PRECACHE` before its script. The worker's own file is
 * left out: a browser keeps that by itself.
 */
export function tellPrecache({ base, worker }: { readonly base: string; readonly worker: string }): Plugin {
  let publicDir = '';
  return {
    name: 'cardea-precache',
    enforce: 'post',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const script = bundle[worker];
        if (script?.type !== 'chunk' || script.imports.length > 0) this.error(`${worker} must be one script by itself`);
        const built = Object.values(bundle)
          .filter((file) => file !== script)
          .map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const);
        const files = new Map([...built, ...publicFiles(publicDir)]);
        const page = files.get('index.html');
        if (page === undefined) this.error('the build made no index.html');
        const told: Precache = {
          version: hashOf(...[...files].sort(([a], [b]) => (a < b ? -1 : 1)).flat()).slice(0, 16),
          pageHash: hashOf(page),
          files: [...files.keys()].map((name) => (name === 'index.html' ? base : base + name)).sort(),
        };
        script.code = `const PRECACHE = ${JSON.stringify(told)};\n${script.code}`;
      },
    },
  };
}

function publicFiles(folder: string): readonly (readonly [string, Uint8Array])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [relative(folder, path).replaceAll('\\', '/'), readFileSync(path)] as const);
}

function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
