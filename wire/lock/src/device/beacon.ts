import { toHex } from '@cardea/kit-octets';
import { encodeBound, encodeUnbound, ROTATION_MS } from '../advertisement.ts';
import { encodeStatusBits } from '../answer.ts';
import { lockIdOf } from '../key-agreement.ts';
import { advertisementKey, beaconKey } from '../key-schedule.ts';
import type { AdvertisementState } from './state.ts';
import type { Work } from './work.ts';

/** Beacon sequences reserved by one write, so that a change costs no write. */
const RESERVE = 256;

/** r(6) and a random address(6). */
const RANDOM_SIZE_OCTETS = 12;

/** Advertises what the lock shows now, if it differs from what is advertised. */
export function publish(work: Work): void {
  if (work.state.record.active === undefined) publishUnbound(work);
  else publishBound(work, work.state.record.active.key.reveal());
}

function publishUnbound(work: Work): void {
  const { identity, windowUntilMs } = work.state;
  const windowOpen = work.nowMs < windowUntilMs;
  const data = encodeUnbound({ lockId: lockIdOf(identity.identifier), model: identity.model, windowOpen });
  const published = `unbound ${toHex(data)}`;
  if (published === work.state.advertisement.published) return;
  patch(work, { published, r: undefined, address: undefined });
  work.emit({ kind: 'advertise', address: identity.identifier, data });
}

function publishBound(work: Work, bindingKey: Uint8Array): void {
  const { advertisement, status, ring } = work.state;
  if ((advertisement.r === undefined || work.nowMs >= advertisement.rotateMs) && advertisement.randomId === undefined) {
    const id = work.id();
    patch(work, { randomId: id });
    work.emit({ kind: 'make-random', id, sizeOctets: RANDOM_SIZE_OCTETS });
  }
  const { r, address } = advertisement;
  if (r === undefined || address === undefined) return;
  const eventsWait = ring.some((entry) => entry.durable);
  const published = `bound ${toHex(r)} ${encodeStatusBits(status.bits)} ${status.batteryPercent} ${eventsWait}`;
  if (published === advertisement.published) return;
  if (advertisement.sequence >= advertisement.reserved) {
    reserve(work);
    return;
  }
  patch(work, { published, sequence: advertisement.sequence + 1 });
  const { primitives } = work.context;
  const keys = {
    advertisement: advertisementKey(primitives, bindingKey),
    beacon: beaconKey(primitives, bindingKey),
  };
  const data = encodeBound(primitives, keys, r, {
    sequence: advertisement.sequence,
    bits: status.bits,
    eventsWait,
    batteryPercent: status.batteryPercent,
  });
  work.emit({ kind: 'advertise', address, data });
}

/** Sequences are durable before the first of them is used, so that none comes twice after a power cut. */
function reserve(work: Work): void {
  if (work.state.writes.some((write) => write.then.kind === 'beacon')) return;
  work.saveRecord({ beaconReserve: work.state.advertisement.sequence + RESERVE }, { kind: 'beacon' });
}

/** The reservation is durable. */
export function beaconReserved(work: Work): void {
  patch(work, { reserved: work.state.record.beaconReserve });
}

/** Fresh r and address. The two high bits of a non-resolvable private address are 0. */
export function beaconRandom(work: Work, id: number, random: Uint8Array): void {
  if (work.state.advertisement.randomId !== id || random.length !== RANDOM_SIZE_OCTETS) return;
  const address = random.slice(6);
  address[0] = (address[0] ?? 0) & 0x3f;
  patch(work, {
    randomId: undefined,
    r: random.slice(0, 6),
    address: toHex(address).toUpperCase(),
    rotateMs: work.nowMs + ROTATION_MS,
  });
}

/** When the advertisement changes by itself. */
export function beaconDueMs(work: Work): number | undefined {
  const { record, windowUntilMs, advertisement } = work.state;
  if (record.active === undefined) return work.nowMs < windowUntilMs ? windowUntilMs : undefined;
  return advertisement.randomId === undefined ? advertisement.rotateMs : undefined;
}

function patch(work: Work, change: Partial<AdvertisementState>): void {
  work.update({ advertisement: { ...work.state.advertisement, ...change } });
}
