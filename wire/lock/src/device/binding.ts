import { equal, equalSecret } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { LockError } from '../errors.ts';
import {
  decodeConfirmS,
  decodeM1Head,
  lockIdOf,
  type M1Head,
  type M2,
  openM1,
  sealM2,
  stageBKey,
  transcriptHash,
} from '../key-agreement.ts';
import { keySchedule } from '../key-schedule.ts';
import type { RefusalCode } from '../refusal.ts';
import type { KeySlot } from './durable.ts';
import { recordEvent } from './events.ts';
import { startSession } from './session.ts';
import type { Offer, RunBase, RunState } from './state.ts';
import type { Work } from './work.ts';

/** The binding window after power-on, on the monotonic timer. */
export const WINDOW_MS = 30 * 60_000;
/** How long a binding waits for the button or the printed code. */
export const CONFIRMATION_MS = 60_000;
/** How long a run may take otherwise. */
export const RUN_MS = 30_000;
/** How often a pending key is overwritten in one window. */
export const OVERWRITES_MAX = 3;
/** Wrong printed codes in one window; after them only the button counts. */
export const CODE_TRIES_MAX = 5;

/** RL(16), the IV of stage B(16), the seed of nonces(32). */
const RANDOM_SIZE_OCTETS = 64;

/** Opens the binding window. */
export function openWindow(work: Work): void {
  work.update({ windowUntilMs: work.nowMs + WINDOW_MS, overwrites: 0, codeTries: 0 });
}

/** M1: every cheap reason to refuse first, then the binder, and only then anything that costs. */
export function receiveM1(work: Work, link: number, channel: number, octets: Uint8Array): void {
  const running = work.state.run;
  if (running !== undefined && equal(running.m1Octets, octets)) {
    repeat(work, running, link, channel);
    return;
  }
  const head = headOf(octets);
  const refusal = head === undefined ? 'unsupported' : refusalOf(work, head);
  if (head === undefined || refusal !== undefined) {
    work.refuse(link, channel, refusal ?? 'unsupported');
    return;
  }
  const { identity } = work.state;
  const slot = head.run === 'bind' ? undefined : slotOf(work, head.keyVersion);
  const psk = slot === undefined ? identity.factoryKey : slot.key;
  const opened = openM1(work.context.primitives, psk.reveal(), lockIdOf(identity.identifier), octets);
  if (opened === undefined) {
    if (work.forged(link)) work.refuse(link, channel, 'binder');
    return;
  }
  endWaiting(work);
  const base: RunBase = { link, channel, m1Octets: octets, m1: opened.m1, seed: opened.seed, psk, slot };
  if (head.run === 'session') {
    begin(work, base);
    return;
  }
  work.update({ run: { ...base, kind: 'waiting', untilMs: work.nowMs + CONFIRMATION_MS } });
  work.emit({ kind: 'confirmation-wanted', wanted: true });
  work.refuse(link, channel, 'confirm_at_lock');
}

/** Somebody at the lock confirms the binding that waits. */
export function confirmAtLock(work: Work): void {
  const run = work.state.run;
  if (run?.kind !== 'waiting') return;
  endWaiting(work);
  begin(work, run);
}

/** Whether a code entered at the lock confirms: a few wrong ones, and only the button counts in this window. */
export function codeConfirms(work: Work, code: string): boolean {
  if (work.state.codeTries >= CODE_TRIES_MAX) return false;
  if (work.state.identity.printedCode?.reveal() === code) return true;
  work.update({ codeTries: work.state.codeTries + 1 });
  return false;
}

/** The ephemeral pair and the randomness of this run. */
export function receiveEphemeral(
  work: Work,
  made: Pick<Extract<RunState, { kind: 'agreeing' }>, 'id' | 'random' | 'publicKey' | 'privateKey'>,
): void {
  const run = work.state.run;
  if (run?.kind !== 'making' || run.id !== made.id) return;
  const id = work.id();
  work.update({ run: { ...run, ...made, kind: 'agreeing', id } });
  work.emit({ kind: 'agree', id, privateKey: made.privateKey, peer: run.m1.epkS });
}

/** The shared secret of this run: keys, and M2 once a new key is durable. */
export function receiveAgreed(work: Work, id: number, z: Uint8Array | undefined): void {
  const run = work.state.run;
  if (run?.kind !== 'agreeing' || run.id !== id) return;
  if (z === undefined) {
    work.update({ run: undefined });
    work.refuse(run.link, run.channel, 'point');
    return;
  }
  const { primitives } = work.context;
  const m2: M2 = { rl: run.random.slice(0, 16), epkL: run.publicKey, capabilities: 0 };
  const keys = keySchedule(primitives, {
    psk: run.psk.reveal(),
    z,
    transcript: transcriptHash(primitives, run.m1, m2),
    run: run.m1.run,
  });
  const kb = stageBKey(primitives, run.psk.reveal(), run.seed);
  const m2Octets = sealM2(primitives, kb, run.m1.rs, m2, run.random.slice(16, 32), keys.confirmL);
  const base: RunBase & Omit<Offer, 'proves'> = {
    link: run.link,
    channel: run.channel,
    m1Octets: run.m1Octets,
    m1: run.m1,
    seed: run.seed,
    psk: run.psk,
    slot: run.slot,
    keys,
    m2Octets,
    nonceSeed: new Secret(run.random.slice(32)),
  };
  if (keys.bindingKey === undefined) {
    if (run.slot !== undefined) offer(work, { ...base, proves: run.slot });
    return;
  }
  const pending: KeySlot = { keyVersion: run.m1.keyVersion, key: keys.bindingKey };
  if (work.state.record.pending !== undefined) work.update({ overwrites: work.state.overwrites + 1 });
  const write = work.saveRecord({ pending }, { kind: 'offer' });
  work.update({
    run: { ...base, proves: pending, kind: 'storing', id: write, untilMs: work.nowMs + RUN_MS },
  });
}

/** The pending key is in flash: M2 may leave. */
export function offerStored(work: Work, id: number): void {
  const run = work.state.run;
  if (run?.kind === 'storing' && run.id === id) offer(work, run);
}

/** confirmS: the RAS has stored the key. Nothing that was in force ends before it. */
export function receiveConfirmS(work: Work, link: number, channel: number, octets: Uint8Array): void {
  const confirmS = decodeConfirmS(octets);
  const run = work.state.run;
  if (run?.kind !== 'offered') return;
  if (!equalSecret(confirmS, run.keys.confirmS)) {
    if (work.forged(link)) work.refuse(link, channel, 'confirmation');
    return;
  }
  const confirmed = { ...run, link, channel };
  if (run.proves === work.state.record.active) {
    began(work, confirmed);
    return;
  }
  const id = work.saveRecord({ active: run.proves, pending: undefined }, { kind: 'activate' });
  work.update({ run: { ...confirmed, kind: 'activating', id }, barrier: id });
}

/** The key is in force: the session under it begins. */
export function activated(work: Work, id: number): void {
  const run = work.state.run;
  if (run?.kind !== 'activating' || run.id !== id) return;
  began(work, run);
  recordEvent(work, 'bound', 0, 0);
}

function began(work: Work, run: RunBase & Offer): void {
  startSession(work, {
    link: run.link,
    channel: run.channel,
    nonceSeed: run.nonceSeed,
    keys: { kind: 'hardened', frames: run.keys.frames },
  });
  work.update({ run: undefined });
}

/** When the run on its way is over, or undefined when there is none. */
export function runDueMs(work: Work): number | undefined {
  const run = work.state.run;
  return run === undefined || run.kind === 'activating' ? undefined : run.untilMs;
}

/** Ends a run that took too long. */
export function expireRun(work: Work): void {
  const run = work.state.run;
  const dueMs = runDueMs(work);
  if (run === undefined || dueMs === undefined || work.nowMs < dueMs) return;
  endWaiting(work);
  work.update({ run: undefined });
  if (run.kind === 'waiting') work.refuse(run.link, run.channel, 'not_confirmed');
}

function headOf(octets: Uint8Array): M1Head | undefined {
  try {
    return decodeM1Head(octets);
  } catch (error) {
    if (error instanceof LockError && error.code === 'range') return undefined;
    throw error;
  }
}

/** What can be refused without a key. */
export function refusalOf(work: Work, head: M1Head): RefusalCode | undefined {
  const { identity, record, windowUntilMs } = work.state;
  if (head.suite !== identity.suite) return 'unsupported';
  if (head.pskKind !== (head.run === 'bind' ? 'factory' : 'binding')) return 'unsupported';
  if (head.run === 'bind') {
    if (record.active !== undefined) return 'bound';
    if (work.nowMs >= windowUntilMs) return 'window_closed';
    if (head.resetCount !== record.resetCount) return 'reset_count';
    if (record.pending !== undefined && work.state.overwrites >= OVERWRITES_MAX) return 'overwrites_spent';
    return head.keyVersion < 1 ? 'key_version' : undefined;
  }
  if (head.resetCount !== record.resetCount) return 'reset_count';
  if (record.active === undefined && record.pending === undefined) return 'not_bound';
  return slotOf(work, head.keyVersion) === undefined ? 'key_version' : undefined;
}

/** The slot of a key version. */
export function slotOf(work: Work, keyVersion: number): KeySlot | undefined {
  const { active, pending } = work.state.record;
  return [active, pending].find((slot) => slot?.keyVersion === keyVersion);
}

/** The same M1 again: the answer that there is by now. The run follows it only if its own link is gone. */
function repeat(work: Work, run: RunState, link: number, channel: number): void {
  if (!work.state.links.some((each) => each.link === run.link)) work.update({ run: { ...run, link, channel } });
  if (run.kind === 'waiting') work.refuse(link, channel, 'confirm_at_lock');
  else if (run.kind === 'offered') work.send(link, channel, run.m2Octets);
}

function begin(work: Work, base: RunBase): void {
  const id = work.id();
  const { link, channel, m1Octets, m1, seed, psk, slot } = base;
  const untilMs = work.nowMs + RUN_MS;
  work.update({ run: { kind: 'making', id, untilMs, link, channel, m1Octets, m1, seed, psk, slot } });
  work.emit({ kind: 'make-ephemeral', id, sizeOctets: RANDOM_SIZE_OCTETS });
}

function offer(work: Work, run: RunBase & Offer): void {
  const { link, channel, m1Octets, m1, seed, psk, slot, keys, m2Octets, nonceSeed, proves } = run;
  work.update({
    run: {
      kind: 'offered',
      untilMs: work.nowMs + RUN_MS,
      ...{ link, channel, m1Octets, m1, seed, psk, slot, keys, m2Octets, nonceSeed, proves },
    },
  });
  work.send(link, channel, m2Octets);
}

function endWaiting(work: Work): void {
  if (work.state.run?.kind === 'waiting') work.emit({ kind: 'confirmation-wanted', wanted: false });
}
