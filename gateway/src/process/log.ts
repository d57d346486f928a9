import type { Log, LogFields } from '@cardea/kit-runtime';
import { type Level, pino, stdTimeFunctions } from 'pino';

/** Fields of these names never leave the process, whoever put them into a line. */
const REDACTED = ['password', 'token', 'key', 'secret', 'octets'];

/** JSON lines on standard error. */
export function createProcessLog(level: Level): Log {
  const logger = pino(
    { level, base: { component: 'gateway' }, timestamp: stdTimeFunctions.isoTime, redact: REDACTED },
    pino.destination({ dest: 2, sync: true }),
  );
  const line = (write: (fields: LogFields, message: string) => void) => (message: string, fields?: LogFields) =>
    write(fields ?? {}, message);
  return {
    debug: line((fields, message) => logger.debug(fields, message)),
    info: line((fields, message) => logger.info(fields, message)),
    warn: line((fields, message) => logger.warn(fields, message)),
    error: line((fields, message) => logger.error(fields, message)),
  };
}
