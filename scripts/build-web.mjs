// Builds the web apps (client/console, client/phone) into dist/, once per change of their sources.
// Beside each file stand its compressed forms (.br, .gz), so that the server compresses nothing.
//   node scripts/build-web.mjs [--quiet] [--force] [--out FOLDER]
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags } = parseArgs({
  options: { quiet: { type: 'boolean' }, force: { type: 'boolean' }, out: { type: 'string' } },
});
const out = resolve(flags.out ?? join(root, 'dist'));
const APPS = ['console', 'phone'];
/** What the apps are made of; a change in any of it builds them anew. */
const SOURCES = ['client', 'wire', 'kit', 'scripts/build-web.mjs', 'package-lock.json'];
const NO_SOURCE = ['node_modules', 'test', 'cli'];
/** Files that compression does not make smaller. */
const COMPRESSED = /\.(?:png|woff2|jpg)$/;

const version = sourceHash();
for (const app of APPS) {
  const folder = join(out, app);
  const stamp = join(folder, '.built');
  if (!flags.force && existsSync(stamp) && readFileSync(stamp, 'utf8') === version) continue;
  const began = Date.now();
  if (!flags.quiet) process.stderr.write(`building the ${app} ...\n`);
  // Built aside and put in place whole: a server may be reading the old one.
  const aside = join(out, `.${app}-${process.pid}`);
  await buildApp(app, aside);
  writeFileSync(join(aside, '.built'), version);
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
  if (!flags.quiet)
    process.stderr.write(`building the ${app}: done in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}

async function buildApp(app, outDir) {
  const { build } = await import('vite');
  mkdirSync(outDir, { recursive: true });
  const folder = join(root, 'client', app);
  await build({
    root: folder,
    configFile: join(folder, 'vite.config.ts'),
    logLevel: 'warn',
    define: { __BUILD__: JSON.stringify(version.slice(0, 12)) },
    build: { outDir, emptyOutDir: true },
  });
  for (const file of filesOf(outDir)) {
    if (COMPRESSED.test(file)) continue;
    const octets = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(octets, { level: 9 }));
    writeFileSync(`${file}.br`, brotliCompressSync(octets, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

/** One hash over every source, by name and content. */
function sourceHash() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesOf(join(root, source))) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** Every file below, in a fixed order; a file is itself. */
function filesOf(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
  return entries
    .map(({ name }) => name)
    .filter((name) => !NO_SOURCE.includes(name) && !/\.test\.tsx?$/.test(name))
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
