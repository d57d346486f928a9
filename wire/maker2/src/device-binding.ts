import { equal } from '@cardea/kit-octets';
import type { DeviceContext, DeviceInput } from '@cardea/wire-profile';
import { answerBindRequest, verifyBindRequest } from './binding-run.ts';
import { refuse, wrongTag } from './device-refusal.ts';
import {
  after,
  BINDING_WINDOW_MS,
  type BindingRun,
  CONFIRMATION_MS,
  type DeviceStep,
  isBusy,
  MAX_RUNS,
  type Maker2DeviceState,
  persist,
  to,
  withRecord,
} from './device-state.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage, type Message } from './message.ts';

/**
 * Takes a bind request. Checked in order: not bound (6.3); a repetition of the run in hand; the window (6.1); the MAC.
 * Then it waits for the button (6.2): before that it costs no key agreement and no flash write.
 */
export function takeBindRequest(
  context: DeviceContext,
  state: Maker2DeviceState,
  link: number,
  request: Extract<Message, { kind: 'bind-request' }>,
  octets: Uint8Array,
): DeviceStep {
  if (state.record.active !== undefined) return refuse(state, link, 'bound');
  const run = state.run;
  if (run !== undefined && equal(run.octets, octets)) return repeatRun(context, { ...state, run: { ...run, link } });
  const now = context.now.monotonicMs;
  if (now >= state.windowFromMs + BINDING_WINDOW_MS) return refuse(state, link, 'window_closed');
  if (state.runsConfirmed >= MAX_RUNS) return refuse(state, link, 'too_many');
  if (run !== undefined && run.phase.kind !== 'waits' && run.phase.kind !== 'answered') return to(state);
  if (isBusy(state)) return to(state);
  if (!verifyBindRequest(context.primitives, state.identity.factoryKey, state.lockId, request)) {
    return after(refuse(state, link, 'mac'), (next) => wrongTag(next, link));
  }
  const next: BindingRun = { octets, request, link, phase: { kind: 'waits', untilMs: now + CONFIRMATION_MS } };
  return refuse({ ...state, run: next }, link, 'wait_for_confirmation');
}

function repeatRun(context: DeviceContext, state: Maker2DeviceState): DeviceStep {
  const run = state.run;
  if (run === undefined) return to(state);
  switch (run.phase.kind) {
    case 'waits':
      return context.now.monotonicMs < run.phase.untilMs
        ? refuse(state, run.link, 'wait_for_confirmation')
        : refuse({ ...state, run: undefined }, run.link, 'not_confirmed');
    case 'ephemeral':
    case 'agreeing':
    case 'persisting':
      return to(state);
    case 'answered':
      return sendAnswer(state, run.link, run.phase.answer);
  }
}

/** Somebody at the door confirms: the key agreement begins. */
export function confirm(context: DeviceContext, state: Maker2DeviceState): DeviceStep {
  const run = state.run;
  if (run?.phase.kind !== 'waits' || context.now.monotonicMs >= run.phase.untilMs) return to(state);
  const id = state.nextId;
  return to(
    {
      ...state,
      nextId: id + 1,
      runsConfirmed: state.runsConfirmed + 1,
      run: { ...run, phase: { kind: 'ephemeral', id } },
    },
    { kind: 'make-ephemeral', id, sizeOctets: 16 },
  );
}

/** The lock's ephemeral pair is there. */
export function takeBindEphemeral(
  state: Maker2DeviceState,
  input: Extract<DeviceInput, { kind: 'ephemeral' }>,
): DeviceStep {
  const run = state.run;
  if (run?.phase.kind !== 'ephemeral' || run.phase.id !== input.id) return to(state);
  const id = state.nextId;
  const { random, publicKey, privateKey } = input;
  return to(
    { ...state, nextId: id + 1, run: { ...run, phase: { kind: 'agreeing', id, random, publicKey } } },
    { kind: 'agree', id, privateKey, peer: run.request.publicKey },
  );
}

/** The key is agreed: into the flash as pending before the RAS hears of it. */
export function takeBindAgreed(
  context: DeviceContext,
  state: Maker2DeviceState,
  id: number,
  z: Uint8Array | undefined,
): DeviceStep {
  const run = state.run;
  if (run?.phase.kind !== 'agreeing' || run.phase.id !== id) return to(state);
  if (z === undefined) return refuse({ ...state, run: undefined }, run.link, 'mac');
  const { random, publicKey } = run.phase;
  const { resetCount } = state.record;
  const agreed = answerBindRequest(
    context.primitives,
    state.identity.factoryKey,
    state.lockId,
    run.request,
    { kind: 'bind-answer', random, publicKey, resetCount },
    z,
  );
  const record = { resetCount, keyVersion: run.request.keyVersion, active: undefined, pending: agreed.bindingKey };
  const answer = encodeMessage(agreed.answer);
  return persist(
    { ...state, run: { ...run, phase: { kind: 'persisting', record, answer } } },
    { kind: 'record', record },
    { kind: 'offer' },
  );
}

/** The pending key is in the flash: now the RAS may hear the answer. */
export function sendOffer(context: DeviceContext, state: Maker2DeviceState): DeviceStep {
  const run = state.run;
  if (run?.phase.kind !== 'persisting') return to(state);
  const { record, answer } = run.phase;
  const pending = withRecord(context.primitives, state, record);
  // A challenge of a former pending key dies with it.
  const answered = { ...pending, challenge: undefined, run: { ...run, phase: { kind: 'answered', answer } as const } };
  return sendAnswer(answered, run.link, answer);
}

function sendAnswer(state: Maker2DeviceState, link: number, octets: Uint8Array): DeviceStep {
  return to(state, { kind: 'send', link, channel: MAKER2_CHANNEL, octets });
}
