import type { Primitives } from '@cardea/kit-crypto';
import { toHex } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import { ALGORITHM, createDomain, dhGroupOf, domainAddress, encodeDomain, type ScpmProfile } from '@cardea/wire-scpm';
import type { DomainAbout } from './about.ts';
import { DOMAIN_RECORD, type DomainStore } from './domain-store.ts';
import { DomainError } from './errors.ts';
import { newPin } from './pin.ts';

/** What is chosen when a domain is made. */
export interface NewDomainChoice {
  /** `standard` is the text as it stands, and weak. */
  readonly profile: ScpmProfile;
  /** Octet of a Diffie-Hellman group. */
  readonly group: number;
  /** Preferred where a lock has it. */
  readonly algorithm: 'cbc' | 'ccm';
  /** Milliseconds; 0: keys are renewed by hand only. */
  readonly rotateEveryMs: number;
  readonly pin: Secret<string>;
}

/** The shortest time between two renewals of every key by themselves: each costs every lock radio and battery. */
export const ROTATE_LEAST_MS = 3_600_000;

/**
 * Makes the one domain of a gateway's folder, and the serial key of its key setting node, which enrols it (Annex A).
 * @throws DomainError `exists`, `invalid`
 */
export async function makeDomain(
  store: DomainStore,
  { primitives, random, nowMs }: { readonly primitives: Primitives; readonly random: Random; readonly nowMs: number },
  { profile, group, algorithm, rotateEveryMs, pin }: NewDomainChoice,
): Promise<DomainAbout> {
  if ((await store.read()) !== undefined) throw exists();
  if (rotateEveryMs !== 0 && rotateEveryMs < ROTATE_LEAST_MS) {
    throw new DomainError('invalid', 'keys are renewed once an hour at most', 'such as --rotate-every 90d');
  }
  if (profile === 'standard' && algorithm === 'ccm') {
    throw new DomainError('invalid', 'the profile standard has no CCM', 'leave --algorithm out');
  }
  if (dhGroupOf(group, profile) === undefined) {
    throw new DomainError('invalid', `the profile ${profile} does not have this group`, 'leave --group out');
  }
  const serialKey = random.octets(16);
  const state = createDomain({
    settings: { profile, addressSize: 6, ivLayout: 'repeat' },
    address: domainAddress(primitives, serialKey),
    preferred: ALGORITHM[algorithm],
    group,
    userKey: new Secret(random.octets(16)),
  });
  const about: DomainAbout = {
    version: 1,
    createdAtMs: nowMs,
    serialKey: toHex(serialKey),
    pin: await newPin(pin),
    rotateEveryMs,
    rotatedAtMs: nowMs,
    renew: false,
    providers: [],
    locks: {},
    removed: [],
    backedUpAtMs: null,
  };
  await store.persist(DOMAIN_RECORD, encodeDomain(state));
  await store.writeAbout(about);
  return about;
}

/** The refusal of a second key setting node. */
export const exists = (): DomainError =>
  new DomainError('exists', 'this gateway has a domain already', 'see `cardea domain status`; a gateway has one');
