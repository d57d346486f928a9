import { equal } from '@cardea/kit-octets';
import {
  ACCESS_MESSAGE,
  AccessError,
  decodeHello,
  decodePresentation,
  decodeSignedLevelGrant,
  encodeProof,
  grantKey,
  levelCovers,
  NONCE_SIZE_OCTETS,
  openGrant,
  presentationKey,
  presentationSigned,
  proofTag,
  receiptKeys,
  SEALED_GRANT_SIZE_OCTETS,
} from '@cardea/wire-access';
import type { DeviceInput } from '@cardea/wire-profile';
import { lockIdOf } from '../key-agreement.ts';
import { frameKeys } from '../sealed-frame.ts';
import { recordDenial } from './denials.ts';
import type { KeyExchange, KeyVia, Presented } from './exchange.ts';
import { decideKey } from './key-decision.ts';
import { refuseVia, sendVia } from './key-via.ts';
import type { Work } from './work.ts';

/** From message 20 on, and again from message 21 on: a presentation that comes later is no longer of this tap. */
export const KEY_STEP_MS = 2_000;
/** Exchanges over the air at once. */
export const EXCHANGES_MAX = 2;
/** Detail of a denial whose key was refused before its signature had verified. */
export const KEY_NOT_OURS = 32;

/**
 * A message of channel 3 (or of a card): 20 or 22; everything that costs comes after what is cheap. The RAS's session
 * knows nothing of it. @throws AccessError when it is malformed
 */
export function receiveKeyMessage(work: Work, via: KeyVia, octets: Uint8Array): void {
  if (octets[0] === ACCESS_MESSAGE.hello) receiveHello(work, via, octets);
  else if (octets[0] === ACCESS_MESSAGE.presentation) receivePresentation(work, via, octets);
}

/** Message 20: the proof is made for every grant id alike, known, unknown or denied. */
function receiveHello(work: Work, via: KeyVia, octets: Uint8Array): void {
  const hello = decodeHello(octets);
  if (work.state.record.active === undefined) {
    refuseVia(work, via, 'not_bound');
    return;
  }
  if (via.link !== undefined && work.state.links.some((each) => each.link === via.link && each.keyTried)) {
    refuseVia(work, via, 'grant');
    return;
  }
  const onTheAir = work.state.exchanges.filter((each) => each.via.link !== undefined).length;
  if (via.link !== undefined && onTheAir >= EXCHANGES_MAX) {
    refuseVia(work, via, 'key_busy');
    return;
  }
  work.update({
    links: work.state.links.map((each) => (each.link === via.link ? { ...each, keyTried: true } : each)),
  });
  const id = work.id();
  add(work, { kind: 'making', via, untilMs: work.nowMs + KEY_STEP_MS, helloOctets: octets, id, hello });
  work.emit({ kind: 'make-ephemeral', id, sizeOctets: NONCE_SIZE_OCTETS });
}

/** The pair and the nonce of this exchange: the lock proves itself first. */
export function keyEphemeral(work: Work, made: Extract<DeviceInput, { kind: 'ephemeral' }>): void {
  const exchange = work.state.exchanges.find((each) => each.kind === 'making' && each.id === made.id);
  const { active } = work.state.record;
  if (exchange?.kind !== 'making' || active === undefined) return;
  const { via, hello, helloOctets } = exchange;
  const { primitives } = work.context;
  const kg = presentationKey(primitives, active.key.reveal(), hello.grantId);
  const said = { nonceL: made.random, epkL: made.publicKey };
  const proof = { ...said, tag: proofTag(primitives, kg, lockId(work), hello, said) };
  const proofOctets = encodeProof(proof);
  const untilMs = work.nowMs + KEY_STEP_MS;
  replace(work, exchange, {
    ...{ kind: 'greeted', via, untilMs, helloOctets, hello, proof, proofOctets },
    privateKey: made.privateKey,
  });
  sendVia(work, via, proofOctets);
}

/** Message 22, once: whose grant it is, before any signature is looked at. */
function receivePresentation(work: Work, via: KeyVia, octets: Uint8Array): void {
  const presentation = decodePresentation(octets);
  const exchange = work.state.exchanges.find((each) => each.via.link === via.link);
  if (exchange?.kind !== 'greeted') return;
  if (work.nowMs >= exchange.untilMs) {
    drop(work, exchange);
    return;
  }
  const { kind: _, ...greeted } = exchange;
  const untilMs = work.nowMs + KEY_STEP_MS;
  const shown = { ...greeted, untilMs, presentation, presentationOctets: octets };
  if (presentation.grant.length === SEALED_GRANT_SIZE_OCTETS) showGrant(work, exchange, shown);
  else showLevelGrant(work, exchange, shown);
}

type Shown = Omit<Presented, 'grant' | 'byLevel'> & Pick<KeyExchange, 'via' | 'untilMs' | 'helloOctets'>;

function showGrant(work: Work, exchange: KeyExchange, shown: Shown): void {
  const { primitives } = work.context;
  const { active } = work.state.record;
  const key = active && grantKey(primitives, active.key.reveal());
  const grant = key && openOrNothing(() => openGrant(primitives, key, lockId(work), shown.presentation.grant));
  if (grant === undefined || !equal(grant.grantId, shown.hello.grantId)) notOurs(work, exchange);
  else verifyPhone(work, exchange, { ...shown, grant, byLevel: false });
}

function showLevelGrant(work: Work, exchange: KeyExchange, shown: Shown): void {
  const { place } = work.state.access;
  const decoded = openOrNothing(() => decodeSignedLevelGrant(shown.presentation.grant));
  const ours = decoded && place && levelCovers(decoded.grant, place);
  if (decoded === undefined || place === undefined || !ours || !equal(decoded.grant.grantId, shown.hello.grantId)) {
    notOurs(work, exchange);
    return;
  }
  const id = work.id();
  const { grant, signed: message, signature } = decoded;
  replace(work, exchange, { ...shown, kind: 'verifying-level', id, grant, byLevel: true });
  work.emit({ kind: 'verify', id, publicKey: place.grantKey, message, signature });
}

function verifyPhone(work: Work, exchange: KeyExchange, presented: Presented & Shown): void {
  const { presentation, proof, hello, grant } = presented;
  const id = work.id();
  replace(work, exchange, { ...presented, kind: 'verifying', id });
  const message = presentationSigned(work.context.primitives, {
    ...{ lockId: lockId(work), grant: presentation.grant, nonceP: hello.nonceP },
    ...{ nonceL: proof.nonceL, epkL: proof.epkL, epkP: presentation.epkP, operation: presentation.operation },
  });
  work.emit({ kind: 'verify', id, publicKey: grant.phoneKey, message, signature: presentation.signature });
}

/** The property has signed this level grant, or the phone this presentation, or not. */
export function keyVerified(work: Work, id: number, valid: boolean): void {
  const exchange = work.state.exchanges.find(
    (each) => (each.kind === 'verifying-level' || each.kind === 'verifying') && each.id === id,
  );
  if (exchange?.kind !== 'verifying-level' && exchange?.kind !== 'verifying') return;
  if (!valid) {
    notOurs(work, exchange);
    return;
  }
  if (exchange.kind === 'verifying-level') {
    verifyPhone(work, exchange, exchange);
    return;
  }
  const next = work.id();
  replace(work, exchange, { ...exchange, kind: 'agreeing', id: next });
  work.emit({ kind: 'agree', id: next, privateKey: exchange.privateKey, peer: exchange.presentation.epkP });
}

/** The keys of message 23: from here on the answer says why. */
export function keyAgreed(work: Work, id: number, z: Uint8Array | undefined): void {
  const exchange = work.state.exchanges.find((each) => each.kind === 'agreeing' && each.id === id);
  const { active } = work.state.record;
  if (exchange?.kind !== 'agreeing') return;
  if (z === undefined || active === undefined) {
    notOurs(work, exchange);
    return;
  }
  const { primitives } = work.context;
  const { hello, helloOctets, proofOctets, presentationOctets, via, grant, byLevel, presentation } = exchange;
  const kg = presentationKey(primitives, active.key.reveal(), hello.grantId);
  const keys = receiptKeys(primitives, kg, z, [helloOctets, proofOctets, presentationOctets]);
  drop(work, exchange);
  const presenter = { via, frames: frameKeys(primitives, 'receipt', keys) };
  decideKey(work, presenter, { grant, byLevel, operation: presentation.operation });
}

/** When an exchange that waits for its phone is over. */
export function exchangesDueMs(work: Work): number | undefined {
  const due = work.state.exchanges.map((each) => each.untilMs);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** Drops exchanges that took too long: the phone tries again over a new connection. */
export function expireExchanges(work: Work): void {
  for (const exchange of work.state.exchanges) if (work.nowMs >= exchange.untilMs) drop(work, exchange);
}

/** The phone or card is gone: what was not decided is nothing. */
export function dropExchanges(work: Work, via: KeyVia): void {
  for (const exchange of work.state.exchanges) if (exchange.via.link === via.link) drop(work, exchange);
}

/** One code for everything before the phone's signature has verified: what a stranger tries tells him nothing. */
function notOurs(work: Work, exchange: KeyExchange): void {
  drop(work, exchange);
  refuseVia(work, exchange.via, 'grant');
  recordDenial(work, KEY_NOT_OURS, undefined);
}

function lockId(work: Work): Uint8Array {
  return lockIdOf(work.state.identity.identifier);
}

/** What does not decode is no grant of ours. */
function openOrNothing<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof AccessError) return undefined;
    throw error;
  }
}

function add(work: Work, exchange: KeyExchange): void {
  work.update({ exchanges: [...work.state.exchanges, exchange] });
}

function drop(work: Work, exchange: KeyExchange): void {
  work.update({ exchanges: work.state.exchanges.filter((each) => each !== exchange) });
}

function replace(work: Work, before: KeyExchange, after: KeyExchange): void {
  work.update({ exchanges: work.state.exchanges.map((each) => (each === before ? after : each)) });
}
