import { formatDistance, formatMoment, useTexts } from '@cardea/client-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { useZone } from '../shell/property.tsx';
import { partTexts } from './texts.ts';

/** How often distances are drawn anew. */
const TICK_MS = 15_000;
/** What lies no further ahead than this is now. */
const JUST_NOW_MS = TICK_MS + 5_000;

/** A moment (RFC 3339) in the property's zone; with `distance` how long ago it is, the moment itself on hovering. */
export function When({
  at,
  distance = false,
  seconds = false,
}: {
  readonly at: string | null;
  readonly distance?: boolean;
  readonly seconds?: boolean;
}): ReactNode {
  const zone = useZone();
  const say = useTexts(partTexts);
  const drawn = useNow(distance ? TICK_MS : undefined);
  // What has just happened is newer than the last tick, and the server's clock may be a little ahead of this one.
  const ahead = at === null ? 0 : Date.parse(at) - drawn;
  const now = ahead > 0 && ahead < JUST_NOW_MS ? drawn + ahead : drawn;
  if (at === null) return say('never');
  const moment = formatMoment(at, zone, { seconds, named: distance });
  return (
    <time dateTime={at} title={distance ? moment : `${zone}`}>
      {distance ? formatDistance(at, now) : moment}
    </time>
  );
}

/** Milliseconds since 1970, anew every `everyMs`; without it as it was when the component was first drawn. */
export function useNow(everyMs: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
