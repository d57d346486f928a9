import { offsetAt, type Transition, transitionsOf } from './transitions.ts';

/** So far around a moment the transitions of its zone are read at once, and kept. */
const AROUND_S = 400 * 86_400;
/** Zones that are kept; there are some 600. */
const ZONES_MOST = 700;

interface Stretch {
  readonly fromS: number;
  readonly untilS: number;
  readonly baseOffsetMin: number;
  readonly transitions: readonly Transition[];
}

const stretches = new Map<string, Stretch>();

/**
 * Minutes that the clocks of a zone are ahead of UTC at a moment. What Temporal says of two years around it is kept:
 * between transitions an offset stays, and asking again for every decision would cost more than the decision.
 */
export function offsetMinAt(timeZone: string, atS: number): number {
  const known = stretches.get(timeZone);
  const { baseOffsetMin, transitions } =
    known !== undefined && known.fromS <= atS && atS < known.untilS ? known : read(timeZone, atS);
  let offsetMin = baseOffsetMin;
  for (const transition of transitions) {
    if (transition.atS > atS) break;
    offsetMin = transition.offsetMin;
  }
  return offsetMin;
}

function read(timeZone: string, atS: number): Stretch {
  const fromS = Math.floor(atS) - AROUND_S;
  const untilS = Math.floor(atS) + AROUND_S;
  const stretch: Stretch = {
    fromS,
    untilS,
    baseOffsetMin: offsetAt(timeZone, fromS),
    transitions: transitionsOf(timeZone, fromS, untilS),
  };
  if (stretches.size >= ZONES_MOST) stretches.clear();
  stretches.set(timeZone, stretch);
  return stretch;
}
