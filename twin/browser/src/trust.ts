import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BrowserError } from './errors.ts';

const run = promisify(execFile);

/**
 * Puts an authority into the NSS database of a home folder, which Chromium on Linux trusts beside its own list: what the
 * browser then shows was served over TLS that it verified.
 * @throws BrowserError `certutil-failed` (libnss3-tools brings certutil)
 */
export async function trustAuthority(home: string, authorityPem: string): Promise<void> {
  const folder = join(home, '.pki', 'nssdb');
  const file = join(home, 'authority.pem');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, authorityPem);
  try {
    await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password']);
    await run('certutil', ['-A', '-d', `sql:${folder}`, '-n', 'local authority', '-t', 'C,,', '-i', file]);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new BrowserError('certutil-failed', `certutil (of libnss3-tools) could not take the authority: ${said}`);
  }
}
