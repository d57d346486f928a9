#!/usr/bin/env node
// Finds the Node that package-lock.json brings (24) and runs the `cardea` command on it, whatever Node started this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const app = dirname(dirname(fileURLToPath(import.meta.url)));
const major = Number(process.versions.node.split('.')[0]);

if (major >= 24) {
  // Modules are compiled once, not at each start: a process that was killed is back in half the time. Where the folder may
  // not be written, nothing is kept.
  nodeModule.enableCompileCache(join(dirname(app), 'node_modules', '.cache', 'cardea'));
  await import('../src/main.ts');
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = join(
    dirname(app),
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    name,
  );
  if (!existsSync(own)) {
    console.error(
      `cardea needs Node 24; this is ${process.versions.node}. Run \`npm start\` or \`npm ci\` once (they bring it), or install Node 24.`,
    );
    process.exit(2);
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
