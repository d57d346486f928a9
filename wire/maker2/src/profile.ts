import type { DeviceProfile } from '@cardea/wire-profile';
import { MAKER2_SERVICE } from './link.ts';

/** The second maker's locks in common objects: what all locks have, but no clock. */
export const maker2Profile: DeviceProfile = {
  maker: 'maker2',
  title: 'Second maker: TLV over AES-CCM, a challenge for every command, no clock',
  suite: 'hardened',
  service: MAKER2_SERVICE,
  attributes: ['bolt', 'door', 'batteryPercent', 'tamper', 'privacy'],
  operations: ['unlock', 'lock', 'status'],
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
    'booted',
    'bound',
    'reset',
    'manual_unlocked',
    'manual_locked',
    'events_lost',
    'refusals',
  ],
};
