import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import { CHANNEL, MESSAGE } from '@cardea/wire-lock';
import { type Attack, type AttackResult, resultOf } from './attack.ts';
import { BenchLock, boundLock } from './bench-lock.ts';

const WINDOW_MS = 30 * 60_000;

/** Attack 21: somebody who knows a lock's address or serial, but not its key, poses as it or binds it. */
export const impersonation: Attack = {
  id: 21,
  title: 'lock impersonated by its MAC address; binding without proof of possession',
  weakDouble: 'a lock that is bound by whoever names its MAC address, and a server that believes an address',
  async run({ weak, seed }) {
    return weak ? boundByAddress(seed) : boundByProof(seed);
  },
};

/** What was found in products on the market: the address on the air is the whole proof. */
class AddressLock {
  readonly identifier: string;
  owner: string | undefined;
  constructor(identifier: string) {
    this.identifier = identifier;
  }
  bind(identifier: string, owner: string): boolean {
    if (identifier !== this.identifier) return false;
    this.owner = owner;
    return true;
  }
}

function boundByAddress(seed: number): AttackResult {
  const lock = new AddressLock('C0FFEE000021');
  lock.bind('C0FFEE000021', `owner ${seed}`);
  const heardOnTheAir = lock.identifier;
  return resultOf([
    {
      name: 'a bound lock is bound again by its address',
      through: lock.bind(heardOnTheAir, 'attacker') && lock.owner === 'attacker',
    },
  ]);
}

function boundByProof(seed: number): AttackResult {
  const random = seededRandom(`attack 21 ${seed}`);
  const identifier = 'C0FFEE000021';
  const guess = () => random.octets(16);

  const unbound = new BenchLock(seed, identifier);
  const byAddress = unbound.agree('bind', guess());
  const derived = unbound.agree('bind', nodePrimitives.sha256(new TextEncoder().encode(identifier)).slice(0, 16));

  const unconfirmed = new BenchLock(seed, identifier);
  unconfirmed.press = () => undefined;
  const withoutButton = unconfirmed.agree('bind');

  const late = new BenchLock(seed, identifier);
  late.pass(WINDOW_MS + 1000);
  const afterWindow = late.agree('bind');

  const owned = boundLock(seed, identifier);
  const again = replacesBinding(owned, () => owned.agree('bind'));
  const withGuess = replacesBinding(owned, () => owned.agree('session', guess()));

  // A fake lock with the same address, which does not hold the key: the owner's run against it must fail.
  const fake = new BenchLock(seed + 1, identifier);
  const fakeAccepted = fake.agree('bind', owned.factoryKey.reveal());

  // A recording of the true lock's M2 as the answer to a new M1, by a fake that has nothing else.
  const recording = owned.heard.filter((message) => !message.toLock && message.octets[0] === MESSAGE.m2);
  const parrot = new BenchLock(seed, identifier);
  parrot.give = () => recording.map((message) => message.octets);
  parrot.press = () => undefined;
  const recordingAccepted = parrot.agree('bind');

  // Everything that the owner sent when it bound its lock, to the same lock after a reset.
  const reset = new BenchLock(seed, identifier);
  for (const message of owned.heard) if (message.toLock) reset.give(message.channel, message.octets);
  reset.press();
  for (const message of owned.heard)
    if (message.toLock && message.channel === CHANNEL.binding) reset.give(message.channel, message.octets);

  return resultOf([
    { name: 'binding with a random key', through: byAddress },
    { name: 'binding with a key derived from the address', through: derived },
    { name: 'binding without the button or the printed code', through: withoutButton && unconfirmed.bound },
    { name: 'binding after the 30 minutes of the window', through: afterWindow },
    { name: 'binding a bound lock again, with its factory key', through: again },
    { name: 'a session with a guessed binding key', through: withGuess },
    { name: 'a fake lock with the same address passes for the lock', through: fakeAccepted },
    { name: "a recording of the lock's answer passes for the lock", through: recordingAccepted },
    { name: "the owner's binding replayed to the lock binds it", through: reset.bound || reset.opened > 0 },
  ]);
}

/** Whether the attempt took the lock from its owner: its session ends, or another key is in force. */
function replacesBinding(lock: BenchLock, attempt: () => unknown): boolean {
  const keepOwner = lock.operate('status');
  const accepted = lock.sessionReplacedBy(attempt);
  const answer = lock.ask(keepOwner);
  return accepted || answer?.kind !== 'receipt';
}
