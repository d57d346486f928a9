import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, type Context, usage } from '@cardea/client-cli';
import { Secret } from '@cardea/kit-runtime';

/** A secret that a command asks for. */
export interface AskedSecret {
  /** What it is: `passphrase`, `PIN`. */
  readonly name: string;
  /** The option that names a file with it, and that file if it was given. */
  readonly option: string;
  readonly file: string | undefined;
  readonly prompt: string;
  /** It is set by this: typed twice. */
  readonly fresh: boolean;
}

/** A secret from the file named (mode 0600), or typed; never from the command line. @throws CliError `usage` */
export async function readSecret(
  { io }: Context,
  { name, option, file, prompt, fresh }: AskedSecret,
): Promise<Secret<string>> {
  if (file !== undefined) {
    const path = resolve(io.cwd, file);
    try {
      if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
        throw usage(`others may read ${path}`, `run chmod 600 ${path}`);
      }
      return new Secret(readFileSync(path, 'utf8').replace(/\r?\n$/, ''));
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw usage(`${option}: ${path} cannot be read`, 'name a file that you can read');
    }
  }
  const typed = await io.secretLine(prompt);
  if (typed === undefined) throw usage(`a ${name} is needed`, `type it, or name ${option} FILE`);
  if (fresh && io.typed && (await io.secretLine('Once more: ')) !== typed) {
    throw usage('the two are not the same', 'try again');
  }
  return new Secret(typed);
}
