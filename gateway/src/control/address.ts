import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/**
 * Where a gateway's own machine speaks to it: a Unix domain socket in its data folder, on Windows a named pipe. No other
 * machine can reach either.
 */
export function controlAddress(dataDir: string): string {
  const path = resolve(dataDir);
  if (process.platform !== 'win32') return join(path, 'control.sock');
  return `\\\\.\\pipe\\cardea-gateway-${createHash('sha256').update(path.toLowerCase()).digest('hex').slice(0, 32)}`;
}

/** A request or an answer is one line of JSON of at most so many octets. */
export const CONTROL_LINE_MOST_OCTETS: number = 4 * 1024 * 1024;
