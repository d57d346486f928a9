import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { connectTcp } from '@cardea/kit-node';
import { type Air, AirError, joinAir, parseHubAddress } from '@cardea/wire-air';
import type { Context } from './context.ts';
import { CliError } from './errors.ts';

/** The simulated air that is meant: the file that is given, else that of the data folder that holds the profile. */
export function hubFileOf(context: Context, given: string | undefined): string {
  return given === undefined ? join(dirname(context.profilePath), 'twin', 'hub.json') : resolve(context.io.cwd, given);
}

/**
 * Works on the simulated air as `name`, and leaves it. The server has no part in it.
 * @throws CliError `failed` when there is no hub, and with what the hub refuses
 */
export async function onAir<T>(hubFile: string, name: string, work: (air: Air) => Promise<T>): Promise<T> {
  const air = await enter(hubFile, name);
  try {
    return await work(air);
  } catch (error) {
    if (error instanceof AirError) throw new CliError('failed', error.message, { cause: error });
    throw error;
  } finally {
    air.close();
  }
}

async function enter(hubFile: string, name: string): Promise<Air> {
  try {
    const { host, port, token } = parseHubAddress(JSON.parse(await readFile(hubFile, 'utf8')));
    return await joinAir(await connectTcp(host, port), { token, name });
  } catch (error) {
    // The reason alone: the file holds a token.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : error instanceof Error ? error.message : '';
    throw new CliError('failed', `no simulated air by ${hubFile} (${reason})`, {
      remedy: 'is the building running? --hub names another hub.json',
    });
  }
}
