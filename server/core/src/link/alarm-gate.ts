import type { Clock } from '@cardea/kit-runtime';
import type { AlarmCode } from '@cardea/wire-profile';

/** An alarm of one kind and lock is shown once in this time: a hostile gateway must not fill the record with it. */
const ALARM_EVERY_MS = 60_000;

/** Lets an alarm through, or counts it. */
export interface AlarmGate {
  /** How many of this kind were held back before it, or undefined when this one is held back itself. */
  pass(code: AlarmCode): number | undefined;
}

/** A gate of one lock. */
export function createAlarmGate(clock: Clock): AlarmGate {
  const seen = new Map<AlarmCode, { readonly at: number; held: number }>();
  return {
    pass(code) {
      const last = seen.get(code);
      if (last !== undefined && clock.monotonic() < last.at + ALARM_EVERY_MS) {
        last.held++;
        return undefined;
      }
      seen.set(code, { at: clock.monotonic(), held: 0 });
      return last?.held ?? 0;
    },
  };
}
