export { createHttpDoor, type HttpDoorOptions } from './door.ts';
export { type IdempotencyStore, idempotencyIn } from './idempotency.ts';
export type { HttpLimits } from './limits.ts';
export type { XmppAddress } from './routes/gateways.ts';
export type { OutboxPort } from './routes/outbox.ts';
export type { SimPort } from './routes/sim.ts';
export { WEB_APPS, type WebApps, type WebFile, type WebFiles } from './web/apps.ts';
