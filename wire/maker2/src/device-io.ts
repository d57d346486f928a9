import type { DeviceEffect } from '@cardea/wire-profile';
import type { Maker2DurableChange } from './device-durable.ts';

/** What the device machine asks of the lock. It signs nothing and has no configuration. */
export type Maker2DeviceEffect = DeviceEffect<Maker2DurableChange>;
