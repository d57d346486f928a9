export { type ConfigSources, type LogLevel, readConfig, type ServerConfig } from './config.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export { createLog, type LogSink, type ServerLog } from './log.ts';
