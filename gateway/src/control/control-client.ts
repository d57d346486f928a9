import { connect } from 'node:net';
import { DomainError, type DomainErrorCode } from '../scpm/errors.ts';
import { CONTROL_LINE_MOST_OCTETS } from './address.ts';

/**
 * Asks the gateway at this control socket. Resolves with its answer; `undefined` when none runs there.
 * @throws DomainError as the gateway said, or `offline` when it ended meanwhile
 */
export function askGateway(address: string, request: Readonly<Record<string, unknown>>): Promise<object | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const parts: Buffer[] = [];
    let sizeOctets = 0;
    let connected = false;
    socket.once('connect', () => {
      connected = true;
      socket.write(`${JSON.stringify(request)}\n`);
    });
    socket.on('data', (chunk) => {
      parts.push(chunk);
      sizeOctets += chunk.length;
      if (sizeOctets > CONTROL_LINE_MOST_OCTETS) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (connected) return;
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(new DomainError('offline', `${address}: ${error.code}`, 'run it as the user of the gateway'));
    });
    socket.once('close', () => {
      if (!connected) return;
      try {
        resolve(read(Buffer.concat(parts).toString('utf8')));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function read(line: string): object {
  const ended = new DomainError('offline', 'the gateway gave no answer', 'does it still run? `cardea domain status`');
  let answer: { result?: object; error?: { code: DomainErrorCode; message: string; remedy: string } };
  try {
    answer = JSON.parse(line);
  } catch {
    throw ended;
  }
  if (answer.error !== undefined) throw new DomainError(answer.error.code, answer.error.message, answer.error.remedy);
  if (answer.result === undefined) throw ended;
  return answer.result;
}
