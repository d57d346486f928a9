import { silentLog } from '@cardea/kit-runtime';
import { createHttpDoor, type HttpDoorOptions, idempotencyIn } from '@cardea/server-http';
import { TWIN_DOMAIN, type TwinRas } from '@cardea/twin-building';

/** The HTTP door of a twin's RAS, in plaintext: to be asked by `inject`, or to listen on the loopback. */
export type TwinDoor = ReturnType<typeof createHttpDoor>;

/** More than an attack sends: what a request may do, or costs, is looked at behind this door, not how many there are. */
const HIGH = { capacity: 1_000_000, refillPerS: 1_000_000 };

/** Opens it. `limits` are those beside the rates, where the attack is about them. */
export function openTwinDoor(
  { core, store }: Pick<TwinRas, 'core' | 'store'>,
  { limits, ...options }: Pick<HttpDoorOptions, 'clock' | 'random' | 'sim' | 'outbox' | 'limits'>,
): TwinDoor {
  return createHttpDoor({
    ...options,
    core,
    log: silentLog,
    idempotency: idempotencyIn(store),
    xmppAddress: () => ({ host: '127.0.0.1', port: 1, domain: TWIN_DOMAIN }),
    tls: 'plaintext',
    version: '0.0.0',
    limits: { perAddress: HIGH, strangers: HIGH, perToken: HIGH, ...limits },
  });
}
