import { Reader } from '@cardea/kit-octets';
import { AirError, decodeAirMessage, MESSAGE_LIMIT_OCTETS } from '@cardea/wire-air';
import { type DecodedField, describe, type Meanings } from './describe.ts';

/** What the fields mean; docs/air.md says more. */
const MEANINGS: Meanings = {
  length: 'octets of the message after it',
  kind: 'kind of the message',
  version: 'of the air protocol',
  token: 'by which the hub knows who may join',
  id: 'chosen by whoever asks; the answer carries it too',
  link: "a connection, by the hub's number",
  name: 'of a peripheral or a process',
  bluetooth: 'version that the peripheral speaks',
  mtu: 'ATT MTU, octets',
  service: 'UUID of a GATT service',
  characteristic: 'UUID of a GATT characteristic',
  address: 'Bluetooth device address',
  data: 'manufacturer data of the advertisement',
  value: 'value of the characteristic',
  'control.value': 'what the fault is set to',
  'apdu.value': 'command APDU (ISO/IEC 7816-4)',
  'apdu-response.value': 'response APDU (ISO/IEC 7816-4)',
  card: 'a card at a reader',
  reader: 'the lock that has the reader',
  'card-gone.end': 'which end is told',
  rssiDbm: 'strength of the signal, dBm',
  connectable: 'whether the advertisement takes connections',
  timeoutMs: 'milliseconds until the attempt to connect is given up',
  end: 'which end hangs up',
  fault: 'the simulated fault',
  identifier: 'of the lock',
  ok: 'whether it was done',
  detail: 'what the peer says of it',
  code: 'why it failed',
  services: 'UUIDs of the services that are looked for',
  peripherals: 'what the hub holds',
};

/** A kind octet is never 00; the length of a message that the hub takes always begins so. */
const LENGTH_FIRST = 0x00;

/** One message of the air protocol, with or without its length(4). @throws AirError, OctetsError */
export function decodeAir(octets: Uint8Array): DecodedField[] {
  if (octets[0] !== LENGTH_FIRST) return fields(octets);
  const reader = new Reader(octets);
  const length = reader.uint('length', 4);
  if (length > MESSAGE_LIMIT_OCTETS)
    throw new AirError('too_long', `length: ${length}, at most ${MESSAGE_LIMIT_OCTETS}`);
  const message = reader.octets('message', length);
  reader.end('message');
  return [...describe({ length }, MEANINGS), ...fields(message)];
}

function fields(octets: Uint8Array): DecodedField[] {
  const message = decodeAirMessage(octets);
  const meanings = message.kind === 'control' ? { ...MEANINGS, value: MEANINGS['control.value'] ?? '' } : MEANINGS;
  return describe(message, meanings);
}
