// Brings the workspace to what package-lock.json says, once per lock file: `npm ci` when its hash has changed.
// Runs on any Node from 20: it needs nothing but what Node brings.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const quiet = process.argv.includes('--quiet');
const stamp = join(root, 'node_modules', '.cardea-setup');
const hash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`cardea: Node ${process.versions.node} is too old to set up with; install Node 20 or newer`);
  process.exit(1);
}
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
  if (!quiet) console.error('setting up: installing the packages of package-lock.json (about half a minute) ...');
  const began = Date.now();
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', quiet ? 'ignore' : 2, 2] })
    : spawnSync('npm', args, {
        cwd: root,
        stdio: ['ignore', quiet ? 'ignore' : 2, 2],
        shell: process.platform === 'win32',
      });
  if (run.status !== 0) {
    console.error(
      'cardea: `npm ci` failed (above); check the network to the package registry, then run the same command again',
    );
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  if (!quiet) console.error(`setting up: done in ${Math.round((Date.now() - began) / 1000)} s`);
}
