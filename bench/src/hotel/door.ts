import { agreeP256, generateP256, nodePrimitives, type P256Pair, signP256, systemRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { IDLE_PHONE, type PhoneInput, type PhoneState, stepPhone } from '@cardea/wire-access';
import { CHANNEL, lockController, lockIdOf, openKeyReceipt } from '@cardea/wire-lock';
import type { BindingRecord, OfflineAccess, OfflineGrant, OnlinePin } from '@cardea/wire-profile';
import { boundPair, type PairBench } from '../../../wire/lock/test/controller-bench.ts';
import { IDENTIFIER, identity } from '../../../wire/lock/test/device-bench.ts';

const PHONE_LINK = 2;
/** How long people keep a door unlocked. */
const RELOCK_MS = 5_000;

/** What a phone has for this door. */
export interface PhoneKeyAtDoor {
  readonly grant: OfflineGrant;
  readonly sealed: Uint8Array;
  readonly presentationKey: Secret;
}

/** A door of the hotel: the product's lock machine, bound to the product's controller, without air between them. */
export interface HotelDoor {
  /** Unix ms. */
  nowMs(): number;
  /** Lets time pass at the door up to this moment. */
  until(atMs: number): void;
  /** The RAS polls its lock: state, events, and its clock when it is due. */
  poll(): void;
  sealKey(grant: OfflineGrant): PhoneKeyAtDoor;
  offlinePin(generation: number, kind: 0 | 1 | 2 | 3, startS: number): string;
  /** Brings a PIN to the lock. @throws Error when the lock did not take it */
  setPin(slot: number, pin: string, window: Pick<OnlinePin, 'notBeforeS' | 'notAfterS'>): void;
  removePin(slot: number): void;
  /** Presents a key of `phone`; whether the bolt moved. */
  tap(key: PhoneKeyAtDoor, phone: P256Pair): boolean;
  /** Enters digits; whether the bolt moved. */
  enter(pin: string): boolean;
}

/** Binds a lock whose crystal is off by `driftPpm`. */
export function hotelDoor(driftPpm: number): HotelDoor {
  const pair = boundPair();
  const access = offlineOf();
  const recordOf = (): BindingRecord => {
    if (pair.record === undefined) throw new Error('the lock is not bound');
    return pair.record;
  };
  const { lock } = pair;

  /** The bolt moves if the machine has asked for it since `before`; then the door relocks by itself. */
  const moved = (before: number): boolean => {
    if (!lock.effects.slice(before).some((effect) => effect.kind === 'act')) return false;
    lock.act();
    return true;
  };
  const relock = (): void => {
    pair.pass(RELOCK_MS);
    lock.status = { ...lock.status, bits: { ...lock.status.bits, boltOut: true } };
    lock.input({ kind: 'status', status: lock.status });
    lock.effects.length = 0;
  };
  const change = (attempt: string, what: Parameters<typeof accessChange>[2]): void => accessChange(pair, attempt, what);

  return {
    nowMs: () => pair.unixMs,
    until(atMs) {
      const passedMs = atMs - pair.unixMs;
      if (passedMs <= 0) return;
      pair.pass(passedMs);
      lock.unixMs += (passedMs * driftPpm) / 1e6;
      lock.monotonicMs += (passedMs * driftPpm) / 1e6;
      lock.input({ kind: 'wake' });
    },
    poll() {
      pair.input({ kind: 'wake' });
      pair.operate('status', `status ${pair.unixMs}`);
      pair.deliver();
      pair.effects.length = 0;
    },
    sealKey: (grant) => ({
      grant,
      sealed: access.sealGrant(nodePrimitives, identityOf(), recordOf(), grant),
      presentationKey: new Secret(access.presentationKey(nodePrimitives, identityOf(), recordOf(), grant.grantId)),
    }),
    offlinePin: (generation, kind, startS) =>
      access.offlinePin(nodePrimitives, identityOf(), recordOf(), { generation, kind, startS }),
    setPin(slot, pin, window) {
      const verifier = access.pinVerifier(nodePrimitives, identityOf(), recordOf(), pin);
      change(`pin ${slot}`, { kind: 'pin', pin: { slot, verifier, ...window, scheduleNumber: 0, uses: 0 } });
    },
    removePin: (slot) => change(`no pin ${slot}`, { kind: 'pin-removed', slot }),
    tap(key, phone) {
      let opened = false;
      let state: PhoneState = IDLE_PHONE;
      const step = (input: PhoneInput): void => {
        const context = {
          primitives: nodePrimitives,
          now: { unixMs: pair.unixMs, monotonicMs: pair.monotonicMs },
          openReceipt: openKeyReceipt,
        };
        const next = stepPhone(context, state, input);
        state = next.state;
        for (const effect of next.effects) {
          if (effect.kind === 'send') say(effect.octets);
          else if (effect.kind === 'make-ephemeral') {
            step({ kind: 'ephemeral', random: systemRandom.octets(effect.sizeOctets), ...generateP256() });
          } else if (effect.kind === 'sign') {
            step({ kind: 'signed', signature: signP256(phone.privateKey, effect.message) });
          } else if (effect.kind === 'agree') {
            step({ kind: 'agreed', z: agreeP256(effect.privateKey, effect.peer) });
          } else if (effect.kind === 'done') opened = effect.receipt.result === 'done';
        }
      };
      const say = (octets: Uint8Array): void => {
        const before = lock.effects.length;
        const heard = [...lock.message(octets, PHONE_LINK, CHANNEL.mobileKey)];
        const sentBefore = lock.sent.length;
        if (moved(before)) heard.push(...lock.sent.slice(sentBefore));
        for (const { link, octets: message } of heard) {
          if (link === PHONE_LINK) step({ kind: 'message', octets: message });
        }
      };
      lock.input({ kind: 'connected', link: PHONE_LINK });
      step({
        kind: 'start',
        operation: 'unlock',
        bundle: {
          lockId: lockIdOf(IDENTIFIER),
          grantId: key.grant.grantId,
          grant: key.sealed,
          presentationKey: key.presentationKey,
        },
      });
      lock.input({ kind: 'disconnected', link: PHONE_LINK });
      relock();
      return opened;
    },
    enter(pin) {
      const before = lock.effects.length;
      lock.input({ kind: 'code', code: pin });
      const opened = moved(before);
      relock();
      return opened;
    },
  };
}

function accessChange(
  pair: PairBench,
  attempt: string,
  change: { kind: 'pin'; pin: OnlinePin } | { kind: 'pin-removed'; slot: number },
): void {
  pair.input({ kind: 'access-change', attempt, expiresAtMs: pair.unixMs + 60_000, class: 'manage', change });
  pair.deliver();
  const outcome = pair.outcomes(attempt).at(-1);
  pair.effects.length = 0;
  if (outcome?.kind !== 'succeeded') throw new Error(`the lock did not take it: ${JSON.stringify(outcome)}`);
}

function offlineOf(): OfflineAccess {
  const { access } = lockController;
  if (access === undefined) throw new Error('these locks enforce nothing by themselves');
  return access;
}

function identityOf(): { identifier: string; factoryKey: Secret } {
  return { identifier: IDENTIFIER, factoryKey: identity.factoryKey };
}
