import { type Log, type LogFields, Secret } from '@cardea/kit-runtime';
import { pino } from 'pino';
import { openRotatingFile } from './rotating-file.ts';

const SECRET_NAME = /authorization|cookie|passw|secret|token|credential|^octets$|(^|_)keys?$|[a-z]Keys?$/i;
/** The id of a secret is none. */
const ID_NAME = /(_id|Id)$/;
/** What a secret looks like inside other text, such as an address or a peer's message: tokens, and PEM private keys. */
const SECRET_TEXT = /\b(Bearer\s+|c[ste]_)[A-Za-z0-9._~+/=-]{8,}/g;
const PRIVATE_PEM = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(-----END \1PRIVATE KEY-----|$)/g;

/** From the most to the least that is said. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A process's log, whose end of line is its own. */
export interface ProcessLog extends Log {
  /** Opens the file anew after it was moved away; nothing for standard error. */
  reopen(): void;
  /** Writes what is left, and closes the file. Later lines open it again. */
  flush(): void;
}

/** Where lines go: standard error, or a file of bounded size that only this user reads. */
export type LogSink =
  | { readonly kind: 'stderr' }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** 10 MiB a file unless told. */
      readonly maxOctets?: number;
      /** 5 full files are kept beside the current one unless told. */
      readonly keepFiles?: number;
    };

const USUAL = { maxOctets: 10 * 1024 * 1024, keepFiles: 5 };

/**
 * The log of a process: JSON lines, one object each (`level`, `time`, `component`, fields, `message`). No secret passes:
 * fields are judged by name and type, texts by what tokens and keys look like.
 * @throws the system's error when a file cannot be opened
 */
export function createLog(component: string, level: LogLevel, sink: LogSink): ProcessLog {
  const destination = sink.kind === 'stderr' ? toStandardError() : toFile(sink);
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
    reopen: () => destination.reopen(),
    flush: () => destination.flush(),
  };
}

interface Destination {
  write(line: string): void;
  reopen(): void;
  flush(): void;
}

function toStandardError(): Destination {
  const stream = pino.destination({ dest: 2, sync: true });
  return { write: (line) => void stream.write(line), reopen() {}, flush: () => stream.flushSync() };
}

function toFile(sink: Extract<LogSink, { kind: 'file' }>): Destination {
  const file = openRotatingFile({
    path: sink.path,
    maxOctets: sink.maxOctets ?? USUAL.maxOctets,
    keepFiles: sink.keepFiles ?? USUAL.keepFiles,
  });
  return { write: (line) => file.write(line), reopen: () => file.reopen(), flush: () => file.close() };
}

/** The fields without secrets: a secret keeps its place with `[secret]`, whatever else the type lets past. */
export function redact(fields: LogFields): LogFields {
  const clean: Record<string, LogFields[string]> = {};
  for (const [name, value] of Object.entries<unknown>(fields)) {
    if (value === undefined || value === null) clean[name] = value;
    else if (SECRET_NAME.test(name) && !ID_NAME.test(name)) clean[name] = '[secret]';
    else if (typeof value === 'string') clean[name] = redactText(value);
    else if (typeof value === 'number' || typeof value === 'boolean') clean[name] = value;
    // An object has no place in a line: what it holds cannot be judged. A Secret says so itself.
    else clean[name] = value instanceof Secret ? '[secret]' : `[${typeof value}]`;
  }
  return clean;
}

const redactText = (text: string): string => text.replace(PRIVATE_PEM, '[secret]').replace(SECRET_TEXT, '$1[secret]');
