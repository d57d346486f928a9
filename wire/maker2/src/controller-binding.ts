import type { BindingRecord, ControllerContext, ControllerEffect, ControllerInput } from '@cardea/wire-profile';
import { macBindRequest, verifyBindAnswer } from './binding-run.ts';
import { startProof } from './controller-command.ts';
import {
  type BindAnswer,
  type ControllerStep,
  inPhase,
  type Maker2ControllerState,
  REPEAT_MS,
  to,
  withRecord,
} from './controller-state.ts';
import { MAKER2_CHANNEL } from './link.ts';
import { encodeMessage } from './message.ts';

/** The ephemeral pair is there: the request leaves. */
export function takeEphemeral(
  context: ControllerContext,
  state: Maker2ControllerState,
  input: Extract<ControllerInput, { kind: 'ephemeral' }>,
): ControllerStep {
  const job = state.job;
  if (job?.phase.kind !== 'ephemeral' || job.phase.id !== input.id) return to(state);
  const request = macBindRequest(context.primitives, state.identity.factoryKey, state.lockId, {
    kind: 'bind-request',
    random: input.random,
    publicKey: input.publicKey,
    keyVersion: (state.record?.keyVersion ?? 0) + 1,
  });
  const repeatAtMs = context.now.monotonicMs + REPEAT_MS;
  return to(
    inPhase(state, job, { kind: 'answer', request, privateKey: input.privateKey, repeatAtMs }),
    {
      kind: 'send',
      channel: MAKER2_CHANNEL,
      octets: encodeMessage(request),
      expiresAtMs: job.expiresAtMs,
      attempt: job.attempt,
    },
    { kind: 'sent', attempt: job.attempt },
  );
}

/** An answer, not yet believed: the agreement shows whether the lock made it. */
export function takeBindAnswer(state: Maker2ControllerState, answer: BindAnswer): ControllerStep {
  const job = state.job;
  if (job?.phase.kind !== 'answer') return to(state);
  const { request, privateKey } = job.phase;
  const id = state.nextId;
  return to(inPhase({ ...state, nextId: id + 1 }, job, { kind: 'agreeing', id, request, privateKey, answer }), {
    kind: 'agree',
    id,
    privateKey,
    peer: answer.publicKey,
  });
}

/** The lock proved to hold the new key: it is stored as pending before any use. */
export function takeAgreed(
  context: ControllerContext,
  state: Maker2ControllerState,
  id: number,
  z: Uint8Array | undefined,
): ControllerStep {
  const job = state.job;
  if (job?.phase.kind !== 'agreeing' || job.phase.id !== id) return to(state);
  const { request, privateKey, answer } = job.phase;
  const factoryKey = state.identity.factoryKey;
  const key =
    z === undefined ? undefined : verifyBindAnswer(context.primitives, factoryKey, state.lockId, request, answer, z);
  if (key === undefined) {
    const repeatAtMs = context.now.monotonicMs + REPEAT_MS;
    return to(inPhase(state, job, { kind: 'answer', request, privateKey, repeatAtMs }), {
      kind: 'alarm',
      code: 'forged_message',
      detail: 'a bind answer that the lock did not make',
    });
  }
  if (answer.resetCount < (state.record?.resetCount ?? 0)) {
    return to(
      { ...state, job: undefined },
      {
        kind: 'outcome',
        attempt: job.attempt,
        outcome: { kind: 'failed', reason: 'refused', receipt: undefined, clockOffsetS: undefined },
      },
      { kind: 'alarm', code: 'reset_count_lower', detail: `${answer.resetCount} after ${state.record?.resetCount}` },
    );
  }
  const record: BindingRecord = {
    keyVersion: request.keyVersion,
    resetCount: answer.resetCount,
    active: state.record?.active,
    pending: key,
  };
  const storeId = state.nextId;
  const next = withRecord(context, { ...state, nextId: storeId + 1 }, record);
  const store: ControllerEffect = { kind: 'store', id: storeId, record };
  return to(
    {
      ...inPhase(next, job, { kind: 'storing', id: storeId, next: 'prove' }),
      known: undefined,
      ack: { ...state.ack, durable: 0, wanted: 0, newest: 0 },
    },
    store,
  );
}

/** The record is durable: what waited for it goes on. */
export function takeStored(state: Maker2ControllerState, id: number): ControllerStep {
  const job = state.job;
  if (job?.phase.kind !== 'storing' || job.phase.id !== id) return to(state);
  if (job.phase.next !== 'prove') return to({ ...state, job: undefined }, ...job.phase.next);
  return startProof({ ...state, nextId: state.nextId + 1 }, job, state.nextId);
}
