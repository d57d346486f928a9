import type { DeviceProfile } from '@cardea/wire-profile';
import { LOCK_SERVICE } from './gatt.ts';

/** The hardened lock protocol as common objects. */
export const cardeaProfile: DeviceProfile = {
  maker: 'cardea',
  title: 'Cardea lock (hardened)',
  suite: 'hardened',
  service: LOCK_SERVICE,
  attributes: ['bolt', 'door', 'batteryPercent', 'tamper', 'privacy', 'clock'],
  operations: ['unlock', 'lock', 'status', 'override'],
  events: [
    'unlocked',
    'locked',
    'relocked',
    'refused',
    'door_opened',
    'door_closed',
    'door_forced',
    'door_held_open',
    'jammed',
    'battery_low',
    'tamper',
    'clock_set',
    'booted',
    'bound',
    'reset',
    'manual_unlocked',
    'manual_locked',
    'events_lost',
    'refusals',
    'order_taken',
    'generation_raised',
    'access_changed',
    'keypad_closed',
    'override_unlocked',
  ],
};

/** The seed's own protocol: weak (docs/lock.md), off by default. Its locks send no events. */
export const cardeaLegacyProfile: DeviceProfile = {
  ...cardeaProfile,
  maker: 'cardea-legacy',
  title: 'Cardea lock (legacy, weak)',
  suite: 'legacy',
  events: [],
};
