import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WEB_APPS, type WebApps, type WebFile, type WebFiles } from '@cardea/server-http';
import { ServerError } from '../errors.ts';

/**
 * Reads the built web apps whole, `DIR/console` and `DIR/phone`, so that no request reaches the disk. An app without a folder
 * has not been built and is missing from the answer. @throws ServerError `folder` when one is there and cannot be read
 */
export function loadWebApps(dir: string): WebApps {
  return Object.fromEntries(
    WEB_APPS.flatMap((name) => {
      const files = readApp(join(dir, name));
      return files === undefined ? [] : [[name, files]];
    }),
  );
}

function readApp(folder: string): WebFiles | undefined {
  let paths: readonly string[];
  try {
    paths = pathsBelow(folder, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError('folder', `the web app in ${folder} cannot be read (${reason})`, 'correct its permissions');
  }
  const known = new Set(paths);
  const read = (path: string): Buffer => readFileSync(join(folder, path));
  return new Map(
    paths
      .filter((path) => !isCompressedForm(path, known))
      .map((path): [string, WebFile] => [
        path,
        {
          octets: read(path),
          ...(known.has(`${path}.gz`) ? { gzip: read(`${path}.gz`) } : {}),
          ...(known.has(`${path}.br`) ? { brotli: read(`${path}.br`) } : {}),
        },
      ]),
  );
}

/** The build puts `x.js.gz` and `x.js.br` beside `x.js`. */
function isCompressedForm(path: string, known: ReadonlySet<string>): boolean {
  return /\.(?:gz|br)$/.test(path) && known.has(path.slice(0, -3));
}

/** Files below, with `/` between segments; hidden ones are the build's own. Links are not followed. */
function pathsBelow(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}${entry.name}`;
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return pathsBelow(folder, `${path}/`);
    return entry.isFile() ? [path] : [];
  });
}
