import type { ExplainedWay } from '../grant/explanation.ts';
import type { Staleness } from '../lock/staleness.ts';
import type { Ending, MethodView } from '../method/endings.ts';
import type { ModeView } from '../mode/model.ts';
import type { Door, Grant, LockReport, Property } from '../model.ts';
import type { Stretch } from '../schedule/open-stretch.ts';

/** A door that somebody may open now or later, as his phone shows it. */
export interface OwnDoor {
  /** The door's. */
  readonly id: string;
  readonly door: Door;
  readonly property: Property;
  /** Whether window and schedule let the person in; `none`: not within 400 days. */
  readonly admits: 'now' | 'later' | 'none';
  /** That stretch: the one that has begun (`from` is then the moment of asking), or the next. */
  readonly span: Stretch | null;
  /** The active grants that reach the door, oldest first. */
  readonly grants: readonly Grant[];
  /** Through the server and a gateway. */
  readonly afar: Way;
  /** By key, card or PIN at the lock; `opensUntil`: when the last key that was given stops to open. */
  readonly atDoor: Way & { readonly opensUntil: number | null };
  /** How the methods of those grants stand at the lock. */
  readonly methods: readonly MethodView[];
  /** T, were all of these grants revoked now. */
  readonly ending: Ending;
  /** What is known of the lock; null when the door has none, or the person is not to see it (docs/grants.md, 19). */
  readonly lock: OwnLock | null;
}

/** What is shown of its lock. */
export interface OwnLock extends Staleness {
  readonly report: LockReport | null;
  /** Undefined: unknown since the record came back from a backup. */
  readonly mode: ModeView | undefined;
}

/** One way to open the door, without the rules in words. */
export type Way = Pick<ExplainedWay, 'permitted' | 'opens' | 'against'>;
