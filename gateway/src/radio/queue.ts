import type { ProgressReason, ToGateway } from '@cardea/wire-route';
import { LIMITS } from '../limits.ts';

/** A frame for a lock, of the RAS or of the gateway's own. */
export type Frame = Extract<ToGateway, { kind: 'frame' }> & { readonly own?: OwnFrame };

/** What a frame of the gateway's own has: the RAS hears nothing of it. */
export interface OwnFrame {
  /** Whether the lock is to answer it. */
  readonly isAnswered: boolean;
  /** Whether somebody waits for it, as for every frame of the RAS; the others make way. */
  readonly isUrgent: boolean;
  /** Its end at the radio. */
  ended(stage: 'written' | 'failed' | 'expired', reason: ProgressReason | null): void;
}

/** A frame that waits for its lock. */
export interface Queued {
  frame: Frame;
  readonly sinceMs: number;
  tries: number;
  /** The position that was told last. */
  toldPosition: number | undefined;
}

/** Whether somebody waits for one of the frames of this line. */
export const isUrgent = ({ frames }: Pick<Line, 'frames'>): boolean =>
  frames.some(({ frame }) => frame.own?.isUrgent !== false);

/** The frames of one lock, and how it has behaved. */
export interface Line {
  readonly lock: string;
  readonly frames: Queued[];
  /** Slots in a row in which it answered nothing. */
  strikes: number;
  /** Not served before this while it has strikes. */
  notBeforeMs: number;
  /** How often it came back under a new address since it last answered. */
  returns: number;
}

/** Fair between locks: each in turn, its own frames in their order. Bounded per lock and in all. */
export interface FrameQueue {
  readonly size: number;
  /** False when it is full. A frame with the id of a waiting one is taken as that one; an own one lives on as long as it. */
  add(frame: Frame, nowMs: number): boolean;
  /** Takes a frame out. */
  remove(id: string): Queued | undefined;
  line(lock: string): Line;
  /** Lines with frames, in the order in which they will be served. */
  lines(): readonly Line[];
  /** The lock goes behind all others. */
  toTheEnd(lock: string): void;
  /** The lock answered: whatever it did before is forgotten. */
  forgive(lock: string): void;
  /** Whatever any lock did before is forgotten: it was not the locks. */
  forgiveAll(): void;
  /** The lock is heard under a new address, as after a restart: it may be tried at once, a few times. */
  returned(lock: string): void;
  /** The lock took a slot and answered nothing. */
  strike(lock: string, nowMs: number): void;
}

export function createFrameQueue(): FrameQueue {
  const lines = new Map<string, Line>();
  let order: string[] = [];

  const line = (lock: string): Line => {
    const found = lines.get(lock);
    if (found !== undefined) return found;
    const made: Line = { lock, frames: [], strikes: 0, notBeforeMs: 0, returns: 0 };
    lines.set(lock, made);
    order.push(lock);
    return made;
  };
  const forgive = (of: Line): void => {
    of.strikes = 0;
    of.notBeforeMs = 0;
    of.returns = 0;
  };
  const size = (): number => [...lines.values()].reduce((sum, { frames }) => sum + frames.length, 0);

  return {
    get size() {
      return size();
    },
    add(frame, nowMs) {
      const { frames } = line(frame.lock);
      const waiting = frames.find((queued) => queued.frame.id === frame.id);
      if (waiting !== undefined) {
        if (frame.own !== undefined) waiting.frame = frame;
        return true;
      }
      if (frames.length >= LIMITS.framesPerLock || size() >= LIMITS.frames) return false;
      frames.push({ frame, sinceMs: nowMs, tries: 0, toldPosition: undefined });
      return true;
    },
    remove(id) {
      for (const { frames } of lines.values()) {
        const at = frames.findIndex((queued) => queued.frame.id === id);
        if (at >= 0) return frames.splice(at, 1)[0];
      }
      return undefined;
    },
    line,
    lines: () => order.map(line).filter(({ frames }) => frames.length > 0),
    toTheEnd(lock) {
      order = [...order.filter((other) => other !== lock), lock];
    },
    forgive: (lock) => forgive(line(lock)),
    forgiveAll() {
      for (const of of lines.values()) forgive(of);
    },
    returned(lock) {
      const of = lines.get(lock);
      if (of === undefined || of.strikes === 0 || of.returns >= LIMITS.returnsMost) return;
      of.returns++;
      of.notBeforeMs = 0;
    },
    strike(lock, nowMs) {
      const of = line(lock);
      of.strikes++;
      // One silence may be an accident; the second in a row costs the lock its next turns.
      const doublings = of.strikes - 2;
      if (doublings < 0) return;
      of.notBeforeMs = nowMs + Math.min(LIMITS.backOffMostMs, LIMITS.backOffFirstMs * 2 ** Math.min(doublings, 20));
    },
  };
}
