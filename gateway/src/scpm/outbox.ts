import type { Cancel, Clock } from '@cardea/kit-runtime';
import type { FromGateway, ProgressReason, ProgressStage, ToGateway } from '@cardea/wire-route';
import { LIMITS } from '../limits.ts';

type Frame = Extract<ToGateway, { readonly kind: 'frame' }>;

/** What the RAS sent for locks of the domain: each lock's in order, one at a time inside SCPM. */
export interface Outbox {
  readonly size: number;
  submit(frame: Frame): void;
  /** Whether the frame was here. One under way is given up: whether it arrives is then unknown. */
  cancel(id: string): boolean;
  /** The lock was heard: what waits for it goes on. */
  heard(lock: string): void;
  /** A frame of SCPM has been written to the lock. */
  wrote(lock: string): void;
  /** The end of the message of this token. */
  done(lock: string, token: number, arrived: boolean): void;
  /** Nothing of the message under way to this lock is written from then on, Unix seconds. */
  expiresAtS(lock: string): number | undefined;
  stop(): void;
}

interface UnderWay {
  readonly frame: Frame;
  readonly token: number;
  /** Something was written to the lock since: it may have arrived. */
  touched: boolean;
  /** Its time was over and the node was told: its end is awaited no longer than {@link END_WITHIN_MS}. */
  isGivenUp: boolean;
}

interface Line {
  readonly waiting: { readonly frame: Frame; readonly sinceMs: number }[];
  underWay: UnderWay | undefined;
  cancelLook: Cancel;
}

const END_WITHIN_MS = 1_000;

/** An outbox; `send` hands a message to the key setting node, `giveUp` takes it back from there. */
export function createOutbox(options: {
  readonly clock: Clock;
  isHeard(lock: string): boolean;
  send(lock: string, frame: Frame, token: number): void;
  /** False when the lock is in no domain any more: then nobody tells the end of what is under way. */
  giveUp(lock: string): boolean;
  progress(progress: Extract<FromGateway, { readonly kind: 'progress' }>): void;
}): Outbox {
  const { clock } = options;
  const lines = new Map<string, Line>();
  let tokens = 0;

  const lineOf = (lock: string): Line => {
    const found = lines.get(lock) ?? { waiting: [], underWay: undefined, cancelLook: () => {} };
    lines.set(lock, found);
    return found;
  };

  const tell = (
    { id, lock }: Frame,
    stage: ProgressStage,
    queuePosition: number | null,
    reason: ProgressReason | null = null,
  ): void => options.progress({ kind: 'progress', id, lock, stage, queuePosition, reason });

  const leftMs = ({ expiresAtS }: Frame): number => expiresAtS * 1000 - clock.now();

  /** Ends what is under way: the node tells it, unless it does not know the lock any more. */
  const giveUp = (lock: string, underWay: UnderWay): void => {
    const wasGivenUp = underWay.isGivenUp;
    underWay.isGivenUp = true;
    if (wasGivenUp || !options.giveUp(lock)) done(lock, underWay.token, false);
  };

  const done: Outbox['done'] = (lock, token, arrived) => {
    const line = lines.get(lock);
    if (line?.underWay?.token !== token) return;
    const { frame, touched } = line.underWay;
    line.underWay = undefined;
    if (arrived) tell(frame, 'written', null);
    // It may have arrived, so nobody may say that it failed: its time ends it.
    else if (touched || leftMs(frame) <= 0) tell(frame, 'expired', null, touched ? null : 'out_of_range');
    else tell(frame, 'failed', null, 'out_of_range');
    pump(lock);
  };

  /** Ends what has waited too long, and begins the next message where none is under way. */
  const pump = (lock: string): void => {
    const line = lineOf(lock);
    line.cancelLook();
    if (line.underWay !== undefined && leftMs(line.underWay.frame) <= 0) giveUp(lock, line.underWay);
    const heard = options.isHeard(lock);
    for (const each of [...line.waiting]) {
      const late = leftMs(each.frame) <= 0;
      const unheard = !heard && clock.monotonic() - each.sinceMs >= LIMITS.unheardMs;
      if (!late && !unheard) continue;
      line.waiting.splice(line.waiting.indexOf(each), 1);
      if (late) tell(each.frame, 'expired', null, heard ? null : 'out_of_range');
      else tell(each.frame, 'failed', null, 'out_of_range');
    }
    const next = line.underWay === undefined && heard ? line.waiting.shift() : undefined;
    if (next !== undefined) {
      const token = ++tokens;
      line.underWay = { frame: next.frame, token, touched: false, isGivenUp: false };
      tell(next.frame, 'connecting', 0);
      options.send(lock, next.frame, token);
    }
    look(lock, line, heard);
  };

  const look = (lock: string, line: Line, heard: boolean): void => {
    const dues = line.waiting.map(({ frame, sinceMs }) =>
      heard ? leftMs(frame) : Math.min(leftMs(frame), sinceMs + LIMITS.unheardMs - clock.monotonic()),
    );
    const { underWay } = line;
    if (underWay !== undefined) dues.push(underWay.isGivenUp ? END_WITHIN_MS : leftMs(underWay.frame));
    line.cancelLook();
    if (dues.length > 0) line.cancelLook = clock.after(Math.max(1, Math.min(...dues)), () => pump(lock));
  };

  return {
    get size() {
      return [...lines.values()].reduce((sum, { waiting, underWay }) => sum + waiting.length + (underWay ? 1 : 0), 0);
    },
    submit(frame) {
      const line = lineOf(frame.lock);
      if (leftMs(frame) <= 0) return tell(frame, 'expired', null);
      if (line.underWay?.frame.id === frame.id || line.waiting.some((each) => each.frame.id === frame.id)) return;
      if (line.waiting.length + (line.underWay ? 1 : 0) >= LIMITS.framesPerLock) {
        return tell(frame, 'failed', null, 'busy');
      }
      line.waiting.push({ frame, sinceMs: clock.monotonic() });
      tell(frame, 'queued', line.waiting.length);
      pump(frame.lock);
    },
    cancel(id) {
      for (const [lock, line] of lines) {
        const at = line.waiting.findIndex(({ frame }) => frame.id === id);
        if (at >= 0) line.waiting.splice(at, 1);
        else if (line.underWay?.frame.id === id) giveUp(lock, line.underWay);
        else continue;
        return true;
      }
      return false;
    },
    heard(lock) {
      if (lines.has(lock)) pump(lock);
    },
    wrote(lock) {
      const underWay = lines.get(lock)?.underWay;
      if (underWay !== undefined) underWay.touched = true;
    },
    done,
    expiresAtS: (lock) => lines.get(lock)?.underWay?.frame.expiresAtS,
    stop() {
      for (const { cancelLook } of lines.values()) cancelLook();
    },
  };
}
