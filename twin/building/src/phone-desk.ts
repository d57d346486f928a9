import type { DoorKey as PhoneDoorKey } from '@cardea/client-key';
import { type Actor, type Core, type DoorKey, enrolmentSigned } from '@cardea/server-core';
import type { VirtualPhone } from './virtual-phone.ts';

const NEVER_S = 0xffff_ffff;

/** The way between a phone of the twin and the RAS's core, in place of HTTPS. */
export interface PhoneDesk {
  /** Enrols the phone as the actor's own, or as another's. */
  enrol(phone: VirtualPhone, kind?: 'phone' | 'card', personId?: string): Promise<string>;
  /** Fetches all its keys anew. */
  fetch(phone: VirtualPhone): Promise<Awaited<ReturnType<Core['phones']['keys']>>>;
  /** Hands in what it carries. */
  handIn(phone: VirtualPhone): Promise<Awaited<ReturnType<Core['receipts']['hand']>>>;
}

/** A phone's person at the RAS. `core` is asked for at each call: the RAS may have been restarted. */
export function phoneDesk(core: () => Core, actor: Actor): PhoneDesk {
  return {
    async enrol(phone, kind = 'phone', personId) {
      const { challenge } = await core().phones.challenge(actor);
      const { publicKey } = phone;
      const signature = await phone.key.sign(enrolmentSigned(challenge, publicKey));
      if (signature === undefined) throw new Error('a key of the twin always signs');
      const own = personId === undefined ? {} : { personId };
      const { id } = await core().phones.enrol(actor, { kind, name: 'Phone', publicKey, challenge, signature, ...own });
      await phone.enrolled(id);
      return id;
    },
    async fetch(phone) {
      const bundle = await core().phones.keys(actor, phone.phoneId ?? '');
      await phone.replaceKeys(bundle.keys.map(phoneKeyOf));
      return bundle;
    },
    async handIn(phone) {
      const events = phone.carried;
      if (events.length === 0) return [];
      const results = await core().receipts.hand(actor, events);
      await phone.handedIn(events);
      return results;
    },
  };
}

/** A key as the RAS gives it, as the phone keeps it. */
export function phoneKeyOf(key: DoorKey): PhoneDoorKey {
  const seconds = (ms: number): number => Math.floor(ms / 1_000);
  return {
    doorId: key.doorId,
    doorName: key.doorName,
    identifier: key.identifier,
    grantId: key.grantId,
    airGrantId: key.keyId,
    grant: key.sealed,
    presentationKey: key.presentationKey,
    advertisementKey: key.advertisementKey,
    operations: key.operations,
    issuedAtS: seconds(key.issuedAt),
    notBeforeS: seconds(key.notBefore),
    notAfterS: key.notAfter === null ? NEVER_S : seconds(key.notAfter),
    leaseEndS: seconds(key.leaseEndAt),
    order: key.order ?? undefined,
  };
}
