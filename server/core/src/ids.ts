import { toHex } from '@cardea/kit-octets';
import type { Random } from '@cardea/kit-runtime';

/** What an id begins with: its noun. `frm` is a frame to a lock, `own` a command of the server's own (a poll). */
export type IdPrefix =
  | 'org'
  | 'prop'
  | 'floor'
  | 'door'
  | 'lock'
  | 'gw'
  | 'per'
  | 'att'
  | 'evt'
  | 'tok'
  | 'gap'
  | 'alr'
  | 'frm'
  | 'own'
  | 'phone'
  | 'key'
  | 'mth'
  | 'itm'
  | 'pin'
  | 'grant'
  | 'sch'
  | 'con'
  | 'ver'
  | 'rec'
  | 'pk'
  | 'step'
  | 'stay'
  | 'vis';

/** A text that comes, in the order of ids, after all ids of this noun made before `ms` and before those made from then on. */
export function idAt(prefix: IdPrefix, ms: number): string {
  const time = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${prefix}_${time.slice(0, 8)}-${time.slice(8)}-`;
}

/**
 * Makes ids: prefix, `_`, a UUIDv7 (RFC 9562, 5.7). Ids of one maker rise even within a millisecond or when the clock
 * steps back (6.2, method 1: 12-bit counter in rand_a), so that their order is the order of creation.
 */
export function idMaker(now: () => number, random: Random): (prefix: IdPrefix) => string {
  let lastMs = 0;
  let counter = 0;
  return (prefix) => {
    const ms = Math.floor(now());
    if (ms > lastMs) {
      lastMs = ms;
      counter = 0;
    } else if (++counter > 0xfff) {
      lastMs++;
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const tail = random.octets(8);
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
    const hex = toHex(tail);
    const sequence = counter.toString(16).padStart(3, '0');
    return `${prefix}_${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${hex.slice(0, 4)}-${hex.slice(4)}`;
  };
}
