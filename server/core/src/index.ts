export type { Actor, Core, GatewayView, LockView, New } from './core.ts';
export { CoreError, type CoreErrorCode } from './errors.ts';
export type * from './model.ts';
export type * from './ports.ts';
