import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BrowserError } from './errors.ts';

const run = promisify(execFile);

/**
 * Puts authorities into the NSS database of a home folder, which Chromium on Linux trusts beside its own list: what the
 * browser then shows was served over TLS that it verified.
 * @throws BrowserError `certutil-failed` (libnss3-tools brings certutil)
 */
export async function trustAuthorities(home: string, authorityPems: readonly string[]): Promise<void> {
  const folder = join(home, '.pki', 'nssdb');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password']);
    for (const [at, pem] of authorityPems.entries()) {
      const file = join(home, `authority-${at}.pem`);
      writeFileSync(file, pem);
      await run('certutil', ['-A', '-d', `sql:${folder}`, '-n', `authority ${at}`, '-t', 'C,,', '-i', file]);
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new BrowserError('certutil-failed', `certutil (of libnss3-tools) could not take an authority: ${said}`);
  }
}
