/** The one GATT service of the lock protocol. These three UUIDs never change (docs/lock.md). */
export const LOCK_SERVICE = '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e001';

/** Characteristic `legacy` (write, notify): the raw 20 octets of a legacy frame. */
export const LEGACY_CHARACTERISTIC = '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e002';

/** Characteristic `link` (write, notify): one octet SAR and channel, then a piece of a message. */
export const LINK_CHARACTERISTIC = '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e003';

/**
 * The channels of characteristic `link`; 0 stands for the raw characteristic `legacy`, which has none.
 * Values: 1 lock, 2 SCPM, 3 mobile key, 4 binding.
 */
export const CHANNEL = { raw: 0, lock: 1, scpm: 2, mobileKey: 3, binding: 4 } as const;
