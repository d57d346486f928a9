export { type ConfigSources, readConfig, type ServerConfig } from './config.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export type { FirstOwner } from './first-start.ts';
export { type OwnerReset, resetOwnerPassword } from './reset-owner-password.ts';
export { type RunningServer, runServer, type ServerOptions } from './run-server.ts';
export type { GatewayFault } from './sim.ts';
