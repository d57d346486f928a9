import { concat } from '@cardea/kit-octets';
import { encodeHello } from '@cardea/wire-access';
import { CHANNEL, encodeFrameMessage, SEALED_FRAME_SIZE_OCTETS } from '@cardea/wire-lock';
import type { Trial } from '../attack.ts';
import { boundLock } from '../bench-lock.ts';
import { BenchPhone } from '../bench-phone.ts';

/**
 * Noise on the radio: frames with wrong tags, key agreements that do not verify, exchanges of keys that lead nowhere. None
 * of it makes the lock wait: the next good frame and the next good key are taken at once.
 */
export function radioNoise(seed: number, frames: number): readonly Trial[] {
  const lock = boundLock(seed);
  const phone = new BenchPhone(lock.random);
  const key = phone.bundle(lock);
  let late = 0;
  for (let n = 0; n < frames; n++) {
    const noise = lock.random.octets(SEALED_FRAME_SIZE_OCTETS);
    const link = lock.connect();
    switch (n % 4) {
      case 0:
        lock.giveOver(link, CHANNEL.lock, encodeFrameMessage('command', noise));
        break;
      case 1:
        lock.giveOver(link, CHANNEL.binding, concat(Uint8Array.of(0x10), lock.random.octets(155)));
        break;
      case 2:
        lock.giveOver(link, CHANNEL.mobileKey, lock.random.octets(33));
        break;
      case 3: {
        const hello = { grantId: lock.random.octets(16), nonceP: lock.random.octets(16) };
        lock.giveOver(link, CHANNEL.mobileKey, encodeHello(hello));
        lock.giveOver(link, CHANNEL.mobileKey, concat(Uint8Array.of(0x22, 1), lock.random.octets(262)));
        break;
      }
    }
    lock.disconnect(link);
    if (n % 50 !== 49) continue;
    const before = lock.opened;
    const receipt = lock.ask(lock.operate('unlock'));
    if (receipt?.kind !== 'receipt' || receipt.result !== 'done' || lock.opened !== before + 1) late++;
    if (phone.tap(lock, key) !== 'done') late++;
  }
  return [
    { name: `${frames} frames of noise: a good command or key that had to wait`, through: late > 0, tried: frames },
  ];
}

/**
 * Challenges: the lock's nonces are its own, one a connection and each used once. Recorded presentations, second ones, and
 * ones for another nonce open nothing; `nonces` are never the same twice.
 */
export function challenges(seed: number, rounds: number): readonly Trial[] {
  const lock = boundLock(seed);
  const phone = new BenchPhone(lock.random);
  const key = phone.bundle(lock);
  const recorded: Uint8Array[] = [];
  const nonces: string[] = [];
  for (let n = 0; n < rounds; n++) {
    const way = {
      toLock: (octets: Uint8Array) => {
        recorded.push(octets);
        return [octets];
      },
      toPhone: (octets: Uint8Array) => {
        if (octets[0] === 0x21) nonces.push(octets.slice(1, 17).join());
        return [octets];
      },
    };
    if (phone.tap(lock, key, 'unlock', way) !== 'done') throw new Error('a good key does not open');
  }
  let opened = 0;
  const replay = (messages: readonly Uint8Array[]): void => {
    const before = lock.opened;
    const link = lock.connect();
    for (const octets of messages) lock.giveOver(link, CHANNEL.mobileKey, octets);
    lock.disconnect(link);
    opened += lock.opened - before;
  };
  for (let n = 0; n + 1 < recorded.length; n += 2) {
    const [hello, presentation] = [recorded[n], recorded[n + 1]];
    if (hello === undefined || presentation === undefined) continue;
    replay([hello, presentation]);
    replay([presentation]);
    replay([hello, presentation, presentation]);
    replay([hello, hello, presentation]);
  }
  let twice = 0;
  const before = lock.opened;
  phone.tap(lock, key, 'unlock', { toLock: (octets) => [octets, octets] });
  if (lock.opened > before + 1) twice++;
  return [
    { name: 'recorded exchanges of a key', through: opened > 0, tried: rounds * 4 },
    { name: 'a nonce that came before', through: new Set(nonces).size !== nonces.length, tried: nonces.length },
    { name: 'every message of a good exchange sent twice opens twice', through: twice > 0 },
  ];
}
