import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerError } from '../errors.ts';
import { loadWebApps } from './load.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cardea-web-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function write(path: string, content: string): void {
  const file = join(dir, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

it('reads the files of each app with their compressed forms', () => {
  write('console/index.html', 'page');
  write('console/assets/app.js', 'plain');
  write('console/assets/app.js.gz', 'gzipped');
  write('console/assets/app.js.br', 'brotlied');
  const files = loadWebApps(dir).console;
  expect([...(files?.keys() ?? [])].sort()).toEqual(['assets/app.js', 'index.html']);
  expect(files?.get('assets/app.js')).toEqual({
    octets: Buffer.from('plain'),
    gzip: Buffer.from('gzipped'),
    brotli: Buffer.from('brotlied'),
  });
});

it('leaves out what is hidden and what a link leads to', () => {
  write('phone/index.html', 'page');
  write('phone/.built', 'hash');
  write('secret', 'key');
  symlinkSync(join(dir, 'secret'), join(dir, 'phone', 'secret'));
  expect([...(loadWebApps(dir).phone?.keys() ?? [])]).toEqual(['index.html']);
});

it('an app without a folder is missing', () => {
  write('phone/index.html', 'page');
  expect(Object.keys(loadWebApps(dir))).toEqual(['phone']);
  expect(loadWebApps(join(dir, 'nowhere'))).toEqual({});
});

it('a folder that cannot be read is refused by its name', () => {
  write('console', 'a file');
  expect(() => loadWebApps(dir)).toThrow(ServerError);
  expect(() => loadWebApps(dir)).toThrow(join(dir, 'console'));
});
