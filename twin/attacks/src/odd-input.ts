import { seededRandom } from '@cardea/kit-node';
import { CHANNEL, decodeRequest, encodeRequest, LockError } from '@cardea/wire-lock';
import { type Attack, type AttackResult, resultOf } from './attack.ts';
import { BenchLock, boundLock } from './bench-lock.ts';

const LENGTHS = 512;

/** Attack 4: octets of a length that the protocol does not know, taken as a command in the clear. */
export const oddInput: Attack = {
  id: 4,
  title: 'odd, truncated or oversized input taken as plaintext',
  weakDouble: 'a lock that takes 16 octets in the clear for a command, as some did',
  async run({ weak, seed, effort }) {
    return weak ? plaintextDouble() : everyLength(seed, effort);
  },
};

function plaintextDouble(): AttackResult {
  const acts = (octets: Uint8Array): boolean => {
    try {
      const decoded = decodeRequest(octets);
      return decoded.kind === 'request' && decoded.request.body.name === 'lock_control';
    } catch (error) {
      if (error instanceof LockError) return false;
      throw error;
    }
  };
  return resultOf([{ name: 'UNLOCK in the clear, 16 octets', through: acts(plainUnlock(0)) }]);
}

function everyLength(seed: number, effort: number): AttackResult {
  const random = seededRandom(`attack 4 ${seed}`);
  const lock = boundLock(seed);
  const fresh = new BenchLock(seed, 'C0FFEE000004');
  const asked = lock.opened;
  let tried = 0;
  for (const target of [lock, fresh]) {
    for (let length = 0; length <= LENGTHS; length++) {
      for (const octets of shapes(target, length, random.octets(length), effort)) {
        for (const channel of [0, CHANNEL.lock, CHANNEL.scpm, CHANNEL.mobileKey, CHANNEL.binding, 63]) {
          tried++;
          target.give(channel, octets);
        }
      }
    }
  }
  const stillObeys = lock.ask(lock.operate('unlock'))?.kind === 'receipt' && lock.opened === asked + 1;
  return resultOf([
    {
      name: `lengths 0 to ${LENGTHS} on every channel, in a session and unbound`,
      through: lock.opened > asked + 1 || fresh.opened > 0,
      tried,
    },
    { name: 'an unbound lock is bound by it', through: fresh.bound },
    { name: 'its owner is locked out by it', through: !stillObeys },
  ]);
}

/** Octets of one length: random, zeros, each kind in front, a plain command cut or padded, a sealed one cut or padded. */
function shapes(lock: BenchLock, length: number, noise: Uint8Array, effort: number): readonly Uint8Array[] {
  const fit = (octets: Uint8Array): Uint8Array => {
    const fitted = new Uint8Array(length);
    fitted.set(octets.subarray(0, length));
    return fitted;
  };
  const kinds = [0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x1f].map((kind) => {
    const shaped = noise.slice();
    if (length > 0) shaped[0] = kind;
    return shaped;
  });
  const sealed = lock.bound && length !== 29 ? [fit(lock.operate('unlock'))] : [];
  const plain = [fit(plainUnlock(lock.nowS)), fit(new Uint8Array([0x01, ...plainUnlock(lock.nowS)]))];
  const all = [noise, new Uint8Array(length), ...plain, ...sealed, ...kinds];
  return effort < 1 ? all.slice(0, 4) : all;
}

function plainUnlock(nowS: number): Uint8Array {
  return encodeRequest('operate', { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: nowS });
}
