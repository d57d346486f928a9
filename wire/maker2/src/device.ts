import { equal, equalSecret, fromAscii, toHex } from '@cardea/kit-octets';
import { type Instant, Secret } from '@cardea/kit-runtime';
import { type DeviceContext, type DeviceInput, NO_DENIALS } from '@cardea/wire-profile';
import { advertisementHash, encodeAdvertisement, SALT_LIFE_MS, SALT_OCTETS, sealState } from './advertisement.ts';
import { confirm, sendOffer, takeBindAgreed, takeBindEphemeral, takeBindRequest } from './device-binding.ts';
import {
  answer,
  answerHello,
  finishCommit,
  finishReset,
  resetAtLock,
  takeActed,
  takeCommand,
} from './device-command.ts';
import { denialsDueMs, tellDenials } from './device-denials.ts';
import type { Maker2DurableState } from './device-durable.ts';
import { sendEvents, takeAck } from './device-events.ts';
import type { Maker2DeviceEffect } from './device-io.ts';
import {
  after,
  attributesOf,
  BINDING_WINDOW_MS,
  type DeviceStep,
  draw,
  MAX_CODE_TRIES,
  MAX_LINKS,
  type Maker2DeviceIdentity,
  type Maker2DeviceState,
  recordEvent,
  to,
  withRecord,
} from './device-state.ts';
import { Maker2Error } from './errors.ts';
import { lockIdOf } from './keys.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { decodeMessage, type Message } from './message.ts';

const SEED_OCTETS = 32;

/** The machine of a lock that has just got power and read its flash. Its first input is `powered-on`. */
export function initialMaker2Device(
  context: DeviceContext,
  identity: Maker2DeviceIdentity,
  durable: Maker2DurableState,
): Maker2DeviceState {
  const state: Maker2DeviceState = {
    identity,
    lockId: lockIdOf(identity.identifier),
    record: durable.record,
    keys: { active: undefined, pending: undefined },
    seed: undefined,
    seedId: undefined,
    drawn: 0,
    windowFromMs: context.now.monotonicMs,
    runsConfirmed: 0,
    codeTries: 0,
    run: undefined,
    challenge: undefined,
    acting: undefined,
    writes: [],
    receipts: [],
    links: [],
    attributes: attributesOf({
      bits: { boltOut: true, jammed: false, doorOpen: false, tamper: false, privacy: false },
      batteryPercent: 0,
    }),
    ring: durable.events.map((event) => ({ event, durable: true })),
    eventSequence: durable.eventSequence,
    denials: NO_DENIALS,
    advertised: undefined,
    salt: undefined,
    nextId: 1,
  };
  return withRecord(context.primitives, state, durable.record);
}

/**
 * The lock's half of the second maker's protocol: a pure machine that an actor with a body and a flash runs. What is
 * advertised, whether a confirmation is wanted and when to wake follow from the state after each input.
 */
export function stepMaker2Device(context: DeviceContext, before: Maker2DeviceState, input: DeviceInput): DeviceStep {
  return after(take(context, before, input), (state) => {
    const wanted = state.run?.phase.kind === 'waits';
    const changed = wanted !== (before.run?.phase.kind === 'waits');
    const told: Maker2DeviceEffect[] = changed ? [{ kind: 'confirmation-wanted', wanted }] : [];
    return after(
      after(to(state, ...told), (next) => advertise(context, before, next)),
      (next) => wake(context.now, next),
    );
  });
}

function take(context: DeviceContext, state: Maker2DeviceState, input: DeviceInput): DeviceStep {
  switch (input.kind) {
    case 'powered-on': {
      const id = state.nextId;
      const on = { ...state, nextId: id + 1, seedId: id, attributes: attributesOf(input.status) };
      return after(to(on, { kind: 'make-random', id, sizeOctets: SEED_OCTETS }), (next) =>
        recordEvent(next, 'booted', 0, 0),
      );
    }
    case 'random':
      return input.id === state.seedId
        ? to({ ...state, seed: new Secret(input.random), seedId: undefined })
        : to(state);
    case 'connected':
      if (state.links.length >= MAX_LINKS) return to(state, { kind: 'drop-link', link: input.link });
      return to({
        ...state,
        links: [...state.links, { id: input.link, wrongTags: 0, trusted: false, sentUpTo: 0 }],
      });
    case 'disconnected':
      return to({ ...state, links: state.links.filter(({ id }) => id !== input.link) });
    case 'message':
      return takeMessage(context, state, input);
    case 'button':
      return confirm(context, state);
    case 'code':
      return takeCode(context, state, input.code);
    case 'open-window':
      return to({ ...state, windowFromMs: context.now.monotonicMs, runsConfirmed: 0 });
    case 'factory-reset':
      return resetAtLock(state);
    case 'status':
      return to({ ...state, attributes: attributesOf(input.status) });
    case 'acted':
      return takeActed(context, { ...state, attributes: attributesOf(input.status) }, input);
    case 'happened':
      return recordEvent(state, input.code, input.actor, input.detail);
    case 'wake':
      return after(to(endWaiting(context.now, state)), (next) => tellDenials(next, context.now.monotonicMs));
    case 'persisted':
      return takePersisted(context, state, input.id);
    case 'ephemeral':
      return takeBindEphemeral(state, input);
    case 'card-presented':
    case 'card-answered':
    case 'card-gone':
    case 'signed':
    case 'verified':
      // It has no reader, asks for no signature, and for none to be verified.
      return to(state);
    case 'agreed':
      return takeBindAgreed(context, state, input.id, input.z);
  }
}

/** What cannot be read drops the link: nobody honest sends it. */
function takeMessage(
  context: DeviceContext,
  state: Maker2DeviceState,
  input: Extract<DeviceInput, { kind: 'message' }>,
): DeviceStep {
  const { link } = input;
  // Without its seed the lock has no nonces yet: as if it had not heard.
  if (state.seed === undefined || !state.links.some(({ id }) => id === link)) return to(state);
  const message = input.channel === MAKER2_CHANNEL ? read(input.octets) : undefined;
  switch (message?.kind) {
    case 'hello':
      return answerHello(context, state, link, message.ask);
    case 'command':
      return takeCommand(context, state, link, message, input.octets);
    case 'ack':
      return takeAck(context, state, link, message);
    case 'bind-request':
      return takeBindRequest(context, state, link, message, input.octets);
    case 'challenge':
    case 'receipt':
    case 'event':
    case 'bind-answer':
    case 'refusal':
    case undefined:
      return to({ ...state, links: state.links.filter(({ id }) => id !== link) }, { kind: 'drop-link', link });
  }
}

function read(octets: Uint8Array): Message | undefined {
  try {
    return decodeMessage(octets);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}

/** The printed code stands for the button; after five wrong ones only the button is left. */
function takeCode(context: DeviceContext, state: Maker2DeviceState, code: string): DeviceStep {
  const printed = state.identity.printedCode;
  if (printed === undefined || state.codeTries >= MAX_CODE_TRIES || !/^[ -~]*$/.test(code)) return to(state);
  return equalSecret(fromAscii(printed.reveal()), fromAscii(code))
    ? confirm(context, state)
    : to({ ...state, codeTries: state.codeTries + 1 });
}

function takePersisted(context: DeviceContext, before: Maker2DeviceState, id: number): DeviceStep {
  const write = before.writes.find((one) => one.id === id);
  if (write === undefined) return to(before);
  const state = { ...before, writes: before.writes.filter((one) => one !== write) };
  const { goesOn } = write;
  switch (goesOn.kind) {
    case 'nothing':
      return to(state);
    case 'event': {
      const ring = state.ring.map((entry) =>
        entry.event.sequence === goesOn.sequence ? { ...entry, durable: true } : entry,
      );
      const answered =
        goesOn.answer === undefined
          ? to({ ...state, ring })
          : answer(context, { ...state, ring }, goesOn.answer.command, goesOn.answer.result);
      return after(answered, (next) => sendEvents(context, next));
    }
    case 'offer':
      return sendOffer(context, state);
    case 'commit':
      return finishCommit(context, state, goesOn.command, goesOn.record);
    case 'reset':
      return finishReset(context, state, goesOn.command, goesOn.record);
  }
}

function endWaiting(now: Instant, state: Maker2DeviceState): Maker2DeviceState {
  const phase = state.run?.phase;
  return phase?.kind === 'waits' && now.monotonicMs >= phase.untilMs ? { ...state, run: undefined } : state;
}

/** True while the lock may be bound. */
function windowOpen(now: Instant, state: Maker2DeviceState): boolean {
  return state.record.active === undefined && now.monotonicMs < state.windowFromMs + BINDING_WINDOW_MS;
}

function advertise(context: DeviceContext, before: Maker2DeviceState, state: Maker2DeviceState): DeviceStep {
  const { primitives } = context;
  const now = context.now.monotonicMs;
  const active = state.keys.active;
  const { identifier, model } = state.identity;
  if (active === undefined) {
    const data = encodeAdvertisement({
      kind: 'unbound',
      identifier,
      model,
      windowOpen: windowOpen(context.now, state),
    });
    if (state.advertised !== undefined && equal(state.advertised.data, data)) return to(state);
    const advertised = { address: identifier, data };
    return to({ ...state, salt: undefined, advertised }, { kind: 'advertise', ...advertised });
  }
  if (state.seed === undefined) return to(state);
  const { salt, advertised } = state;
  const fresh = salt !== undefined && advertised !== undefined && now < salt.sinceMs + SALT_LIFE_MS;
  const changed = before.attributes !== state.attributes || before.eventSequence !== state.eventSequence;
  if (fresh && !changed) return to(state);
  const drawnSalt = fresh ? { state, octets: salt.octets } : draw(primitives, state, 'salt', SALT_OCTETS);
  const drawn = fresh ? { state, octets: undefined } : draw(primitives, drawnSalt.state, 'address', 6);
  const count = fresh ? salt.count + 1 : 0;
  const data = encodeAdvertisement({
    kind: 'bound',
    salt: drawnSalt.octets,
    hash: advertisementHash(primitives, active.advertisement.reveal(), drawnSalt.octets),
    count,
    sealed: sealState(primitives, active.beacon.reveal(), drawnSalt.octets, count, state.attributes),
  });
  const address = drawn.octets === undefined ? (advertised?.address ?? identifier) : randomAddress(drawn.octets);
  const next = { octets: drawnSalt.octets, sinceMs: fresh ? salt.sinceMs : now, count };
  return to({ ...drawn.state, salt: next, advertised: { address, data } }, { kind: 'advertise', address, data });
}

/** A static random address: its two highest bits are set (Bluetooth Core, Vol 6, Part B, 1.3.2.1). */
function randomAddress(octets: Uint8Array): string {
  return toHex(octets.map((octet, i) => (i === 0 ? octet | 0xc0 : octet))).toUpperCase();
}

/** Compared as the same sums elsewhere: a difference may round to less, and the wake would come again at once, for ever. */
function wake(now: Instant, state: Maker2DeviceState): DeviceStep {
  const times = [
    state.salt === undefined ? undefined : state.salt.sinceMs + SALT_LIFE_MS,
    windowOpen(now, state) ? state.windowFromMs + BINDING_WINDOW_MS : undefined,
    state.run?.phase.kind === 'waits' ? state.run.phase.untilMs : undefined,
    denialsDueMs(state),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? to(state) : to(state, { kind: 'wake', atMonotonicMs: Math.min(...times) });
}
