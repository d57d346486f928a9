import type { Log, LogFields } from '@cardea/kit-runtime';
import { pino } from 'pino';
import type { LogLevel } from './config.ts';

const SECRET_NAME = /authorization|cookie|passw|secret|token|credential|(^|_)keys?$|[a-z]Keys?$/i;
/** The id of a secret is none. */
const ID_NAME = /(_id|Id)$/;
/** A bearer token or an enrolment token inside other text, such as an address or a peer's message. */
const SECRET_TEXT = /\b(Bearer\s+|c[ste]_)[A-Za-z0-9._~+/=-]{8,}/g;

/** A log with its file, to be flushed before the process ends. */
export interface ServerLog extends Log {
  flush(): void;
}

/** Where lines go: standard error, or a file that is made if need be. */
export type LogSink = { readonly kind: 'stderr' } | { readonly kind: 'file'; readonly path: string };

/** JSON lines by pino. No secret passes: fields are judged by name, texts by what tokens look like. */
export function createLog(component: string, level: LogLevel, sink: LogSink): ServerLog {
  const destination = pino.destination(
    sink.kind === 'stderr' ? { dest: 2, sync: true } : { dest: sink.path, sync: true, mkdir: true, mode: 0o600 },
  );
  const logger = pino(
    {
      level,
      base: { component },
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const line =
    (write: (fields: LogFields, message: string) => void) =>
    (message: string, fields: LogFields = {}): void =>
      write(redact(fields), redactText(message));
  return {
    debug: line((fields, message) => logger.debug(fields, message)),
    info: line((fields, message) => logger.info(fields, message)),
    warn: line((fields, message) => logger.warn(fields, message)),
    error: line((fields, message) => logger.error(fields, message)),
    flush: () => destination.flushSync(),
  };
}

/** The fields without secrets: a secret name keeps its place with `[secret]`. */
export function redact(fields: LogFields): LogFields {
  const clean: Record<string, LogFields[string]> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (SECRET_NAME.test(name) && !ID_NAME.test(name) && value !== undefined && value !== null)
      clean[name] = '[secret]';
    else clean[name] = typeof value === 'string' ? redactText(value) : value;
  }
  return clean;
}

const redactText = (text: string): string => text.replace(SECRET_TEXT, '$1[secret]');
