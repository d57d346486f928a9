import { CHANNEL, MESSAGE } from '@cardea/wire-lock';
import type { Trial } from '../attack.ts';
import { BenchLock } from '../bench-lock.ts';

/** A lock hears all that it ever said, as it was and as each kind of message, on each channel: runs, receipts, answers. */
export function lockHearsItself(seed: number): readonly Trial[] {
  const lock = new BenchLock(seed);
  lock.agree('bind');
  lock.agree('session');
  lock.setTime();
  for (const operation of ['unlock', 'lock'] as const) {
    lock.ask(lock.operate(operation));
    lock.pass(2_000);
  }
  const said = lock.heard.filter(({ toLock }) => !toLock).map(({ octets }) => octets);
  const moved = lock.bolt.length;
  const { keyVersion, key } = lock.durable.record.active ?? {};
  let tried = 0;
  for (const octets of said) {
    for (const kind of [octets[0] ?? 0, ...Object.values(MESSAGE)]) {
      for (const channel of Object.values(CHANNEL)) {
        lock.give(channel, Uint8Array.of(kind, ...octets.subarray(1)));
        tried++;
      }
    }
  }
  lock.pass(60_000);
  const isSame = lock.durable.record.active?.keyVersion === keyVersion && lock.durable.record.active?.key === key;
  const isUnmoved = lock.bolt.length === moved;
  lock.reconnect();
  lock.agree('session');
  lock.setTime();
  lock.ask(lock.operate('unlock'));
  lock.pass(2_000);
  return [
    { name: 'a lock that hears itself: its bolt moves', through: !isUnmoved, tried },
    { name: 'a lock that hears itself: its binding changes', through: !isSame },
    {
      name: 'a lock that hears itself: it does not obey its owner afterwards',
      through: lock.bolt.length !== moved + 1,
    },
  ];
}
