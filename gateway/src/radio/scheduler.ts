import { type CentralLink, type Radio, RadioError } from '@cardea/kit-radio';
import type { Clock, Log } from '@cardea/kit-runtime';
import type { LinkCodec } from '@cardea/wire-profile';
import type { FromGateway, ProgressReason, ProgressStage } from '@cardea/wire-route';
import { LIMITS } from '../limits.ts';
import { type Neighbourhood, nameOf } from './neighbourhood.ts';
import { createFrameQueue, type Frame, isUrgent, type Line, type Queued } from './queue.ts';
import { createSignal, within } from './signal.ts';

type Progress = Extract<FromGateway, { kind: 'progress' }>;

/** Carries frames to locks over one radio, one connection at a time. */
export interface RadioScheduler {
  /** Frames that wait. */
  readonly size: number;
  submit(frame: Frame): void;
  /** Forgets a frame that has not been written. */
  cancel(id: string): void;
  /** The lock has taken something inside SCPM and is to answer it, or has: its link is kept for that as for any answer. */
  setOwing(lock: string, owes: boolean): void;
  /** Ends the lock's connection as soon as nothing is awaited on it; what comes next has one of its own. */
  hangUp(lock: string): void;
  /** A lock was heard, `returned` under a new address: what waits for it may go on. */
  heard(identifier: string, returned: boolean): void;
  start(): void;
  stop(): void;
}

/**
 * One loop serves the locks in turn:
 *
 *     idle --a lock is due--> connecting --link--> serving --nothing due, or others wait--> idle
 *                                 `--failed----------------------------------------------^
 *
 * The lock in the slot keeps its link while it makes progress; as soon as others wait, only for as long as LIMITS says.
 * Each promise of the radio has a deadline, each call of a driver is caught: neither can hold up the other locks.
 */
export function createRadioScheduler(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly radio: Radio;
  readonly neighbourhood: Neighbourhood;
  /** A whole message of a lock. */
  message(lock: string, channel: number, octets: Uint8Array): void;
  progress(progress: Progress): void;
}): RadioScheduler {
  const { clock, log, radio, neighbourhood } = options;
  const queue = createFrameQueue();
  const signal = createSignal(clock);
  let running = false;
  let slot: string | undefined;
  /** Locks that owe an answer inside SCPM. */
  const owing = new Set<string>();
  /** Locks whose link is to end as soon as nothing is awaited on it. */
  const leaving = new Set<string>();

  const tell = (
    frame: Frame,
    stage: ProgressStage,
    queuePosition: number | null,
    reason: ProgressReason | null = null,
  ): void => {
    const { id, lock, own } = frame;
    if (own === undefined) options.progress({ kind: 'progress', id, lock, stage, queuePosition, reason });
    else if (stage !== 'queued' && stage !== 'connecting') own.ended(stage, reason);
  };

  const isLate = (frame: Frame): boolean => clock.now() >= frame.expiresAtS * 1000;

  const giveUp = (queued: Queued, stage: 'failed' | 'expired', reason: ProgressReason | null): void => {
    if (queue.remove(queued.frame.id) !== undefined) tell(queued.frame, stage, null, reason);
  };

  /** Late frames never act: they leave the queue before anything is decided on it. */
  const sweep = (): void => {
    for (const { frames, lock } of queue.lines()) {
      for (const queued of [...frames]) {
        const unheard = lock !== slot && neighbourhood.find(lock)?.address === undefined;
        if (isLate(queued.frame)) giveUp(queued, 'expired', unheard ? 'out_of_range' : null);
        else if (unheard && clock.monotonic() - queued.sinceMs >= LIMITS.unheardMs)
          giveUp(queued, 'failed', 'out_of_range');
      }
    }
  };

  /** Position 0 is on the air; then the locks in turn, each with its own frames in order. */
  const tellPositions = (): void => {
    let position = 0;
    const lines = [...queue.lines()].sort((a, b) => Number(b.lock === slot) - Number(a.lock === slot));
    for (const { frames } of lines) {
      for (const queued of frames) {
        position++;
        if (queued.toldPosition === position) continue;
        queued.toldPosition = position;
        tell(queued.frame, 'queued', position);
      }
    }
  };

  const isDue = ({ lock, notBeforeMs }: Line): boolean =>
    clock.monotonic() >= notBeforeMs && neighbourhood.find(lock)?.address !== undefined;

  const othersWait = (lock: string): boolean => queue.lines().some((line) => line.lock !== lock && isDue(line));

  /** Lines in turn; those for which nobody waits make way. */
  const nextDue = (): Line | undefined => {
    const due = queue.lines().filter(isDue);
    return due.find(isUrgent) ?? due[0];
  };

  /** Whether somebody waits for another lock, and nobody for this one. */
  const makesWay = (line: Line): boolean =>
    line.frames.length > 0 &&
    !isUrgent(line) &&
    !owing.has(line.lock) &&
    queue.lines().some((other) => other.lock !== line.lock && isDue(other) && isUrgent(other));

  /** Until when the loop may sleep with nothing due: the next expiry, end of a back-off or of waiting to be heard. */
  const idleMs = (): number => {
    const now = clock.monotonic();
    let untilMs = 60_000;
    for (const { frames, notBeforeMs } of queue.lines()) {
      if (notBeforeMs > now) untilMs = Math.min(untilMs, notBeforeMs - now);
      for (const { frame, sinceMs } of frames) {
        untilMs = Math.min(untilMs, frame.expiresAtS * 1000 - clock.now());
        if (sinceMs + LIMITS.unheardMs > now) untilMs = Math.min(untilMs, sinceMs + LIMITS.unheardMs - now);
      }
    }
    return Math.max(1, untilMs);
  };

  const loop = async (): Promise<void> => {
    while (running) {
      sweep();
      const line = nextDue();
      if (line === undefined) {
        tellPositions();
        await signal.sleep(idleMs());
        continue;
      }
      slot = line.lock;
      tellPositions();
      try {
        await serve(line);
      } catch (error) {
        log.error('slot failed', { lock: line.lock, error: nameOf(error) });
        queue.strike(line.lock, clock.monotonic());
      }
      slot = undefined;
      queue.toTheEnd(line.lock);
    }
  };

  const serve = async (line: Line): Promise<void> => {
    const found = neighbourhood.find(line.lock);
    const first = line.frames[0];
    if (found?.address === undefined || first === undefined) return;
    tell(first.frame, 'connecting', 0);
    first.toldPosition = 0;
    const { address } = found;
    const timeoutMs = line.strikes > 0 ? LIMITS.connectMs / 2 : LIMITS.connectMs;
    const connected = await within(
      clock,
      timeoutMs + LIMITS.connectGraceMs,
      () => radio.connect(address, { timeoutMs }),
      (late) => late.disconnect(),
    );
    if (connected.kind === 'failed' && isRadioAway(connected.error)) {
      // That says nothing of the locks; where they were before, they need not be when the radio is back.
      neighbourhood.forget();
      queue.forgiveAll();
      return;
    }
    if (connected.kind !== 'done') {
      first.tries++;
      queue.strike(line.lock, clock.monotonic());
      log.debug('no connection', { lock: line.lock, tries: first.tries });
      if (first.tries >= LIMITS.connectTries) giveUp(first, 'failed', 'out_of_range');
      return;
    }
    const link = connected.value;
    try {
      const codec = found.driver.link(link.mtu);
      if ((await converse(line, link, codec)) === 'silent') queue.strike(line.lock, clock.monotonic());
    } catch (error) {
      // A driver that throws costs its lock the frame and the slot, and nobody else anything.
      log.warn('driver failed', { lock: line.lock, maker: found.driver.profile.maker, error: nameOf(error) });
      giveUp(first, 'failed', 'unsupported');
      queue.strike(line.lock, clock.monotonic());
    } finally {
      link.disconnect();
    }
  };

  /** Serves one lock on its link until it is time to leave. */
  const converse = async (line: Line, link: CentralLink, codec: LinkCodec): Promise<'answered' | 'silent'> => {
    const startedMs = clock.monotonic();
    let activeMs = startedMs;
    // What it owed on a link before is not waited for on this one.
    owing.delete(line.lock);
    leaving.delete(line.lock);
    let answered = false;
    /** Frames written less messages come: an answer is due while it is above 0. */
    let due = 0;
    let open = true;
    let driverError: unknown;
    link.onDisconnect(() => {
      open = false;
      signal.notify();
    });
    for (const characteristic of codec.notify) {
      link.onNotify(characteristic, (value) => {
        if (!open) return;
        try {
          const taken = codec.decode(characteristic, value, clock.monotonic());
          activeMs = clock.monotonic();
          if (taken.kind === 'message') {
            answered = true;
            due = Math.max(0, due - 1);
            queue.forgive(line.lock);
            options.message(line.lock, taken.channel, taken.octets);
          } else if (taken.kind === 'broken') {
            log.warn('link broken', { lock: line.lock, why: taken.why });
            open = false;
          }
        } catch (error) {
          driverError = error;
          open = false;
        }
        signal.notify();
      });
    }

    while (open && running) {
      sweep();
      const queued = line.frames[0];
      const others = othersWait(line.lock);
      const now = clock.monotonic();
      const turnIsOver = (others && now - startedMs >= LIMITS.turnMs) || makesWay(line);
      const awaits = due > 0 || owing.has(line.lock);
      if (!awaits && leaving.has(line.lock)) break;
      if (queued !== undefined && !turnIsOver) {
        // Counted before the write ends: a quick lock's answer comes ahead of the acknowledgement of the last piece.
        if (queued.frame.own?.isAnswered !== false) due++;
        if (!(await write(line.lock, queued, link, codec))) return answered ? 'answered' : 'silent';
        activeMs = clock.monotonic();
        continue;
      }
      const patienceMs = line.strikes > 0 ? LIMITS.shortPatienceMs : LIMITS.patienceMs;
      const stayMs = others ? (awaits ? patienceMs : LIMITS.graceMs) : awaits ? LIMITS.answerMs : LIMITS.lingerMs;
      // The end of a turn stops further frames; an answer that is due is still waited for.
      const leftMs = turnIsOver && !awaits ? 0 : activeMs + stayMs - now;
      if (leftMs <= 0) break;
      tellPositions();
      await signal.sleep(Math.min(leftMs, idleMs()));
    }
    if (driverError !== undefined) throw driverError;
    return answered ? 'answered' : 'silent';
  };

  /** Writes one frame, unless it is too late for it by now. False when the link is of no more use. */
  const write = async (lock: string, queued: Queued, link: CentralLink, codec: LinkCodec): Promise<boolean> => {
    const { frame } = queued;
    queue.remove(frame.id);
    const pieces = piecesOf(lock, frame, codec);
    if (pieces === undefined) {
      tell(frame, 'failed', null, 'unsupported');
      return true;
    }
    for (const { characteristic, value } of pieces) {
      // Between two pieces time passes too: a command whose time ends here never becomes whole at the lock.
      if (isLate(frame)) {
        tell(frame, 'expired', null);
        return false;
      }
      const written = await within(clock, LIMITS.writeMs, () => link.write(characteristic, value));
      if (written.kind !== 'done') {
        tell(frame, 'failed', null, 'no_answer');
        return false;
      }
    }
    tell(frame, 'written', null);
    return true;
  };

  const piecesOf = (lock: string, frame: Frame, codec: LinkCodec): ReturnType<LinkCodec['encode']> | undefined => {
    try {
      return codec.encode(frame.channel, frame.octets);
    } catch (error) {
      log.warn('driver failed to encode', { lock, error: nameOf(error) });
      return undefined;
    }
  };

  return {
    get size() {
      return queue.size;
    },
    submit(frame) {
      if (isLate(frame)) return tell(frame, 'expired', null);
      if (neighbourhood.find(frame.lock) === undefined) return tell(frame, 'failed', null, 'unsupported');
      if (!queue.add(frame, clock.monotonic())) return tell(frame, 'failed', null, 'busy');
      signal.notify();
    },
    cancel(id) {
      queue.remove(id);
      signal.notify();
    },
    setOwing(lock, owes) {
      if (owes && lock === slot) owing.add(lock);
      else owing.delete(lock);
      signal.notify();
    },
    hangUp(lock) {
      leaving.add(lock);
      signal.notify();
    },
    heard(identifier, returned) {
      if (returned) queue.returned(identifier);
      if (slot === undefined && queue.line(identifier).frames.length > 0) signal.notify();
    },
    start() {
      if (running) return;
      running = true;
      void loop();
    },
    stop() {
      running = false;
      signal.notify();
    },
  };
}

function isRadioAway(error: unknown): boolean {
  return error instanceof RadioError && error.code === 'closed';
}
