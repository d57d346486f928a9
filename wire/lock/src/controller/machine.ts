import type { Step } from '@cardea/kit-runtime';
import type {
  BindingRecord,
  ControllerContext,
  ControllerEffect,
  ControllerInput,
  DeviceProfile,
  LockController,
  LockIdentity,
} from '@cardea/wire-profile';
import { openBeacon } from '../advertisement.ts';
import { lockChain } from '../chain.ts';
import { LockError } from '../errors.ts';
import { CHANNEL } from '../gatt.ts';
import type { Suite } from '../key-agreement.ts';
import { beaconKey } from '../key-schedule.ts';
import { messageKind } from '../lock-message.ts';
import { MESSAGE } from '../messages.ts';
import { cardeaLegacyProfile, cardeaProfile } from '../profile.ts';
import { decodeRefusal } from '../refusal.ts';
import { advance, expireSession, receiveAnswer, sessionLost } from './commands.ts';
import { eventsDurable, receiveEvent } from './events.ts';
import { abandon, enqueue } from './jobs.ts';
import { legacyUnheardMs } from './legacy-commands.ts';
import { receiveLegacyM2, receiveLegacyRandom } from './legacy-run.ts';
import { isWritable, offlineAccess } from './offline.ts';
import {
  announceKey,
  askAgain,
  expireRun,
  receiveAgreed,
  receiveEphemeral,
  receiveM2,
  receiveRunRefusal,
  receiveStored,
} from './run.ts';
import { type ControllerState, SESSION_MAX_MS } from './state.ts';
import { failed, Turn } from './turn.ts';

/**
 * The RAS half of the hardened lock protocol:
 *
 *     job --no session--> run of key agreement --confirmS--> session
 *     job --session-----> GET_NONCE, if the lock's clock is not known --> command --receipt--> outcome
 *
 * The core gives `wake` once after `initial` (the advertisement key follows), and `events-durable` with the newest
 * sequence of its record, so that the machine knows which events it has seen.
 */
export const lockController: LockController<ControllerState> = controller(cardeaProfile);

/**
 * The RAS half of the legacy profile: the same jobs, on the seed's own two stages and its frame. Weak (docs/lock.md, 22 and
 * 28): only for locks that know nothing better, and only when an operator has switched it on.
 */
export const legacyLockController: LockController<ControllerState> = controller(cardeaLegacyProfile);

function controller({ maker, suite }: DeviceProfile): LockController<ControllerState> {
  const hardened = suite === 'hardened' ? { chain: lockChain, access: offlineAccess } : {};
  return { maker, ...hardened, initial: (identity, record) => initial(suite, identity, record), step };
}

function initial(suite: Suite, identity: LockIdentity, record: BindingRecord | undefined): ControllerState {
  return {
    suite,
    legacyCounter: 0,
    identity,
    record,
    started: false,
    nextId: 1,
    jobs: [],
    run: undefined,
    session: undefined,
    flight: undefined,
    aside: [],
    events: { contiguous: undefined, beyond: [], durable: 0, acknowledged: 0 },
    beaconSequence: undefined,
    clockSetMonotonicMs: undefined,
    stepBackTold: false,
    wakeMonotonicMs: undefined,
  };
}

function step(
  context: ControllerContext,
  state: ControllerState,
  input: ControllerInput,
): Step<ControllerState, ControllerEffect> {
  const turn = new Turn(context, state);
  if (!state.started) {
    turn.update({ started: true });
    announceKey(turn);
  }
  receive(turn, input);
  expireRun(turn);
  expireSession(turn);
  askAgain(turn);
  advance(turn);
  schedule(turn, input.kind === 'wake');
  return { state: turn.state, effects: turn.effects };
}

function receive(turn: Turn, input: ControllerInput): void {
  switch (input.kind) {
    case 'operate': {
      const { operation, class: commandClass, timeToLiveS } = input;
      const goal = { kind: 'operate', operation, class: commandClass, timeToLiveS } as const;
      enqueue(turn, goal, input.attempt, input.expiresAtMs);
      return;
    }
    case 'bind':
    case 'unbind':
      enqueue(turn, { kind: input.kind }, input.attempt, input.expiresAtMs);
      return;
    case 'set-time':
      enqueue(turn, { kind: 'set-time', stepBack: input.stepBack }, input.attempt, input.expiresAtMs);
      return;
    case 'chain-head':
      enqueue(turn, { kind: 'chain-head' }, input.attempt, input.expiresAtMs);
      return;
    case 'access-change':
      changeAccess(turn, input);
      return;
    case 'message':
      receiveMessage(turn, input.channel, input.octets);
      return;
    case 'beacon':
      receiveBeacon(turn, input.state);
      return;
    case 'abandon':
      abandon(turn, input.attempt);
      return;
    case 'events-durable':
      eventsDurable(turn, input.sequence);
      return;
    case 'ephemeral':
      receiveEphemeral(turn, input);
      return;
    case 'agreed':
      receiveAgreed(turn, input.id, input.z);
      return;
    case 'stored':
      receiveStored(turn, input.id);
      return;
    case 'random':
      receiveLegacyRandom(turn, input.id, input.random);
      return;
    case 'wake':
      return;
  }
}

/** A change that cannot be written is its asker's mistake: it is told, and nothing is sent. */
function changeAccess(turn: Turn, input: Extract<ControllerInput, { kind: 'access-change' }>): void {
  const { attempt, change } = input;
  const refusal = turn.state.suite === 'legacy' ? 'unsupported' : isWritable(change) ? undefined : 'internal';
  if (refusal !== undefined) turn.emit({ kind: 'outcome', attempt, outcome: failed(refusal) });
  else enqueue(turn, { kind: 'access-change', class: input.class, change }, attempt, input.expiresAtMs);
}

/** A message off the air: whatever is malformed is somebody's forgery and changes nothing. */
function receiveMessage(turn: Turn, channel: number, octets: Uint8Array): void {
  const isRaw = channel === CHANNEL.raw && turn.state.suite === 'legacy';
  if (channel !== CHANNEL.lock && channel !== CHANNEL.binding && !isRaw) return;
  const before = turn.state;
  try {
    if (isRaw) receiveAnswer(turn, octets);
    else receiveKind(turn, octets);
  } catch (error) {
    if (!(error instanceof LockError)) throw error;
    turn.state = before;
    turn.alarm('forged_message', error.message);
  }
}

function receiveKind(turn: Turn, octets: Uint8Array): void {
  const kind = messageKind(octets);
  const isLegacy = turn.state.suite === 'legacy';
  if (kind === MESSAGE.m2) (isLegacy ? receiveLegacyM2 : receiveM2)(turn, octets);
  else if (isLegacy && kind !== MESSAGE.refusal) throw new LockError('kind', 'a message that legacy locks do not send');
  else if (kind === MESSAGE.receipt) receiveAnswer(turn, octets);
  else if (kind === MESSAGE.event) receiveEvent(turn, octets);
  else if (kind === MESSAGE.refusal) {
    const refusal = decodeRefusal(octets);
    if (refusal.code === 'no_session') sessionLost(turn);
    receiveRunRefusal(turn, refusal);
  } else throw new LockError('kind', 'a message that only a RAS sends');
}

/** The lock's advertisement shows something new: worth asking for, proof of nothing. */
function receiveBeacon(turn: Turn, sealed: Uint8Array): void {
  const { record, beaconSequence } = turn.state;
  const { primitives } = turn.context;
  for (const key of [record?.pending, record?.active]) {
    const beacon = key && openBeacon(primitives, beaconKey(primitives, key.reveal()), sealed);
    if (beacon === undefined) continue;
    if (beaconSequence !== undefined && beacon.sequence <= beaconSequence) return;
    turn.update({ beaconSequence: beacon.sequence });
    turn.emit({ kind: 'wants-attention' });
    return;
  }
}

/** Asks to be woken for whatever comes first. */
function schedule(turn: Turn, woken: boolean): void {
  const { run, flight, jobs, session } = turn.state;
  const toMonotonic = (unixMs: number): number => turn.nowMs + Math.max(0, unixMs - turn.unixMs);
  const due = [...jobs, ...(flight === undefined ? [] : [flight.job])].map((job) => toMonotonic(job.expiresAtMs));
  if (run !== undefined) due.push(Math.min(run.untilMonotonicMs, run.askAgainMonotonicMs ?? run.untilMonotonicMs));
  if (flight !== undefined) due.push(legacyUnheardMs(flight));
  if (session !== undefined && due.length === 0) due.push(session.startedMonotonicMs + SESSION_MAX_MS);
  if (due.length === 0) return;
  const atMonotonicMs = Math.min(...due);
  if (!woken && atMonotonicMs === turn.state.wakeMonotonicMs) return;
  turn.update({ wakeMonotonicMs: atMonotonicMs });
  turn.emit({ kind: 'wake', atMonotonicMs });
}
