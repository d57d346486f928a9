import type { Step } from '@cardea/kit-runtime';
import { ACCESS_MESSAGE, AccessError } from '@cardea/wire-access';
import type { DeviceContext, DeviceInput } from '@cardea/wire-profile';
import { LockError } from '../errors.ts';
import { CHANNEL } from '../gatt.ts';
import { messageKind } from '../lock-message.ts';
import { MESSAGE } from '../messages.ts';
import { letInStored } from './access.ts';
import { holdChange, isAccessChange, receiveOrder } from './access-change.ts';
import { answer, answerTo } from './answer.ts';
import { beaconDueMs, beaconRandom, beaconReserved, publish } from './beacon.ts';
import {
  activated,
  codeConfirms,
  confirmAtLock,
  expireRun,
  offerStored,
  openWindow,
  receiveAgreed,
  receiveConfirmS,
  receiveEphemeral,
  receiveM1,
  runDueMs,
} from './binding.ts';
import { acted } from './bolt.ts';
import { floorDueMs, saveFloor } from './clock.ts';
import { denialsDueMs, tellDenials } from './denials.ts';
import type { DeviceEffect } from './effect.ts';
import { eventDurable, forgetSent, recordEvent, resendDueMs, resendEvents, uploadEvents } from './events.ts';
import { receiveCommand, signed } from './frames.ts';
import { LINKS_MAX } from './input.ts';
import { enterCode, forgetEntries, keypadDueMs, startKeypad } from './keypad.ts';
import {
  confirmLegacyAtLock,
  expireLegacyRun,
  legacyCounterStored,
  legacyOfferStored,
  legacyRunDueMs,
  receiveLegacyFrame,
  receiveLegacyM1,
  receiveLegacyRandom,
} from './legacy.ts';
import { configureBody, modeDueMs, settleMode } from './mode.ts';
import {
  dropExchanges,
  exchangesDueMs,
  expireExchanges,
  keyAgreed,
  keyEphemeral,
  keyVerified,
  receiveKeyMessage,
} from './offline-key.ts';
import { cardAnswered, cardGone, cardPresented } from './reader.ts';
import { factoryReset, resetDone } from './reset.ts';
import { liveSession, SESSION_MAX_MS } from './session.ts';
import type { AfterWrite, DeviceState } from './state.ts';
import { Work } from './work.ts';

/** Messages that wait for a write; what comes after is lost, as on air. */
const DEFERRED_MAX = 8;

/** The lock's side of the protocol: what follows from an input. A malformed message changes nothing and throws nothing. */
export function stepDevice(
  context: DeviceContext,
  state: DeviceState,
  input: DeviceInput,
): Step<DeviceState, DeviceEffect> {
  const work = new Work(context, state);
  apply(work, input);
  settleMode(work);
  publish(work);
  schedule(work, input.kind === 'wake');
  return { state: work.state, effects: work.effects };
}

function apply(work: Work, input: DeviceInput): void {
  switch (input.kind) {
    case 'powered-on': {
      work.update({ status: input.status });
      openWindow(work);
      startKeypad(work);
      configureBody(work);
      recordEvent(work, 'booted', 0, 0);
      return;
    }
    case 'connected':
      if (work.state.links.length >= LINKS_MAX) work.emit({ kind: 'drop-link', link: input.link });
      else work.update({ links: [...work.state.links, { link: input.link, wrongTags: 0, keyTried: false }] });
      return;
    case 'disconnected':
      work.update({ links: work.state.links.filter((each) => each.link !== input.link) });
      dropExchanges(work, { link: input.link });
      if (work.state.session?.link === input.link) forgetSent(work);
      return;
    case 'message':
      receive(work, input);
      return;
    case 'button':
      confirm(work);
      return;
    case 'code':
      if (!waitsForConfirmation(work)) enterCode(work, input.code);
      else if (codeConfirms(work, input.code)) confirm(work);
      return;
    case 'open-window':
      if (work.state.record.active === undefined) openWindow(work);
      return;
    case 'factory-reset':
      factoryReset(work, undefined);
      return;
    case 'status':
      work.update({ status: input.status });
      return;
    case 'acted':
      acted(work, input);
      return;
    case 'happened':
      recordEvent(work, input.code, input.actor, input.detail);
      return;
    case 'wake':
      liveSession(work);
      expireRun(work);
      expireLegacyRun(work);
      saveFloor(work);
      resendEvents(work);
      tellDenials(work);
      expireExchanges(work);
      forgetEntries(work);
      return;
    case 'persisted':
      persisted(work, input.id);
      return;
    case 'ephemeral':
      receiveEphemeral(work, input);
      keyEphemeral(work, input);
      return;
    case 'random':
      beaconRandom(work, input.id, input.random);
      receiveLegacyRandom(work, input.id, input.random);
      return;
    case 'agreed':
      receiveAgreed(work, input.id, input.z);
      keyAgreed(work, input.id, input.z);
      return;
    case 'card-presented':
      cardPresented(work);
      return;
    case 'card-answered':
      ignoringMalformed(() => cardAnswered(work, input.octets));
      return;
    case 'card-gone':
      cardGone(work);
      return;
    case 'verified':
      keyVerified(work, input.id, input.valid);
      return;
    case 'signed':
      signed(work, input.id, input.signature);
      return;
  }
}

function waitsForConfirmation(work: Work): boolean {
  return work.state.run?.kind === 'waiting' || work.state.legacyRun?.kind === 'waiting';
}

function confirm(work: Work): void {
  confirmAtLock(work);
  confirmLegacyAtLock(work);
}

function receive(work: Work, input: Extract<DeviceInput, { kind: 'message' }>): void {
  if (!work.state.links.some((each) => each.link === input.link)) return;
  if (work.state.barrier !== undefined) {
    if (work.state.deferred.length < DEFERRED_MAX) work.update({ deferred: [...work.state.deferred, input] });
    return;
  }
  ignoringMalformed(() => dispatch(work, input.link, input.channel, input.octets));
}

/** What does not decode is nobody's message: decoding comes before every change, so nothing has happened by then. */
function ignoringMalformed(take: () => void): void {
  try {
    take();
  } catch (error) {
    if (!(error instanceof LockError || error instanceof AccessError)) throw error;
  }
}

function dispatch(work: Work, link: number, channel: number, octets: Uint8Array): void {
  const legacy = work.state.identity.suite === 'legacy';
  if (channel === CHANNEL.raw && legacy) receiveLegacyFrame(work, link, octets);
  if (channel === CHANNEL.mobileKey && !legacy) {
    if (octets[0] === ACCESS_MESSAGE.order) receiveOrder(work, link, octets);
    else receiveKeyMessage(work, { link }, octets);
    return;
  }
  if (channel !== CHANNEL.lock && channel !== CHANNEL.binding) return;
  if (channel === CHANNEL.lock && !legacy && isAccessChange(octets)) {
    holdChange(work, link, channel, octets);
    return;
  }
  const kind = messageKind(octets);
  if (legacy) {
    if (kind === MESSAGE.m1) receiveLegacyM1(work, link, channel, octets);
  } else if (kind === MESSAGE.m1) receiveM1(work, link, channel, octets);
  else if (kind === MESSAGE.confirmS) receiveConfirmS(work, link, channel, octets);
  else if (kind === MESSAGE.command && channel === CHANNEL.lock) receiveCommand(work, link, channel, octets);
}

function persisted(work: Work, id: number): void {
  const write = work.state.writes.find((each) => each.id === id);
  if (write === undefined) return;
  work.update({ writes: work.state.writes.filter((each) => each.id !== id) });
  afterWrite(work, id, write.then);
  if (work.state.barrier !== id) return;
  const deferred = work.state.deferred;
  work.update({ barrier: undefined, deferred: [] });
  for (const input of deferred) receive(work, input);
}

function afterWrite(work: Work, id: number, then: AfterWrite): void {
  switch (then.kind) {
    case 'nothing':
      return;
    case 'offer':
      offerStored(work, id);
      legacyOfferStored(work, id);
      return;
    case 'activate':
      activated(work, id);
      return;
    case 'event':
      eventDurable(work, then.sequence, then.chain);
      if (then.answer !== undefined) answerTo(work, then.answer.to, then.answer.answer, then.sequence);
      else uploadEvents(work);
      return;
    case 'execute':
      legacyCounterStored(work, then.target, then.request);
      return;
    case 'answer':
      answerTo(work, then.to, then.answer, undefined);
      return;
    case 'reset':
      if (then.target !== undefined) answer(work, then.target, { result: 'done', detail: 0 });
      resetDone(work, then.target === undefined);
      return;
    case 'beacon':
      beaconReserved(work);
      return;
    case 'move':
      letInStored(work, then.token);
      return;
  }
}

/** Asks to be woken for whatever comes first. */
function schedule(work: Work, woken: boolean): void {
  const session = work.state.session;
  const due = [
    beaconDueMs(work),
    runDueMs(work),
    legacyRunDueMs(work),
    floorDueMs(work),
    resendDueMs(work),
    denialsDueMs(work),
    exchangesDueMs(work),
    keypadDueMs(work),
    modeDueMs(work),
    session === undefined ? undefined : session.startedMs + SESSION_MAX_MS,
  ].filter((each) => each !== undefined);
  if (due.length === 0) return;
  const wakeMs = Math.min(...due);
  if (!woken && wakeMs === work.state.wakeMs) return;
  work.update({ wakeMs });
  work.emit({ kind: 'wake', atMonotonicMs: wakeMs });
}
