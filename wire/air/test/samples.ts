import type { AirMessage } from '../src/index.ts';

const service = '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e001';
const uuid = '6c0c3a10-5a4f-4d0e-9b5e-1c43a7d2e003';
const address = 'C0DEA0000101';
const value = Uint8Array.of(1, 2, 3);

/** One message of every kind. */
export const samples: readonly AirMessage[] = [
  { kind: 'hello', version: 1, token: new Uint8Array(32).fill(7), name: 'gateway' },
  {
    kind: 'serve',
    id: 1,
    name: address,
    bluetooth: '5.0',
    mtu: 247,
    service,
    characteristics: [{ uuid, write: true, notify: false }],
  },
  { kind: 'advertise', id: 1, address, data: value },
  { kind: 'stop-advertising', id: 1 },
  { kind: 'unserve', id: 1 },
  { kind: 'scan', id: 2, services: [service, uuid] },
  { kind: 'unscan', id: 2 },
  { kind: 'connect', id: 3, address, timeoutMs: 5_000 },
  { kind: 'write', id: 4, link: 9, characteristic: uuid, value },
  { kind: 'subscribe', link: 9, characteristic: uuid },
  { kind: 'notify', link: 9, characteristic: uuid, value },
  { kind: 'disconnect', link: 9, end: 'peripheral' },
  { kind: 'list', id: 5 },
  { kind: 'present', id: 7, reader: address },
  { kind: 'withdraw', id: 7 },
  { kind: 'control', id: 6, fault: 'jam', identifier: address, value: 'on' },
  { kind: 'answer', id: 6, ok: false, detail: 'jam: must be on or off' },
  { kind: 'apdu', card: 7, value },
  { kind: 'apdu-response', card: 7, value: Uint8Array.of(0x90, 0x00) },
  { kind: 'welcome', version: 1 },
  { kind: 'refused', detail: 'wrong token' },
  { kind: 'report', id: 2, address, service, data: value, rssiDbm: -71, connectable: true },
  { kind: 'connected', id: 3, link: 9, mtu: 23 },
  { kind: 'connect-failed', id: 3, code: 'busy', detail: 'is connected' },
  { kind: 'write-acknowledged', id: 4 },
  { kind: 'write-failed', id: 4, code: 'disconnected', detail: '' },
  { kind: 'notified', link: 9, characteristic: uuid, value },
  { kind: 'accepted', id: 1, link: 9, mtu: 247 },
  { kind: 'written', link: 9, characteristic: uuid, value },
  { kind: 'link-ended', link: 9, end: 'central' },
  {
    kind: 'peripherals',
    id: 5,
    peripherals: [{ name: address, bluetooth: '4.2', mtu: 23, advertising: true, connected: false }],
  },
  { kind: 'card-held', card: 3, reader: address },
  { kind: 'card-gone', card: 3, end: 'reader' },
];
