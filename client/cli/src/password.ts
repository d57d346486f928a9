import { usage } from './errors.ts';
import type { Io } from './io.ts';

/** Shortest password that the API takes. */
const SHORTEST = 12;

/** A password from a person without echo, or the next line of standard input. @throws CliError `usage` */
export async function askPassword(io: Io, what: string): Promise<string> {
  const password = await io.secretLine(`${what}: `);
  if (password === undefined || password === '') {
    throw usage(
      `nothing was given as ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
      'type it, or send it as a line of standard input',
    );
  }
  return password;
}

/** A new password: asked for twice when a person types it. @throws CliError `usage` */
export async function askNewPassword(io: Io, what: string): Promise<string> {
  const password = await askPassword(io, `${what} (at least ${SHORTEST} characters)`);
  if (password.length < SHORTEST)
    throw usage(`the password has ${password.length} characters`, `take at least ${SHORTEST}`);
  if (io.typed && (await io.secretLine('The same again: ')) !== password) {
    throw usage('the two passwords differ', 'run the command again');
  }
  return password;
}
