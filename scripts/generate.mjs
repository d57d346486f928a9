// Writes what is generated from code (vectors/*.json, docs/reference/*): `--check` fails when a file is not what the
// code says. Each `docs/generate/*.ts` exports `files(): Record<path, text>`.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs', 'generate');
const check = process.argv.includes('--check');
let stale = 0;
for (const name of existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : []) {
  const { files } = await import(join(folder, name));
  for (const [path, text] of Object.entries(await files())) {
    const target = join(root, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
    if (check) {
      console.error(`${path} is not what the code says: run \`npm run generate\``);
      stale++;
    } else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      console.log(`wrote ${path}`);
    }
  }
}
process.exit(stale === 0 ? 0 : 1);
