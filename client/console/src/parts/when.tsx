import { formatDistance, formatMoment, useTexts } from '@cardea/client-ui';
import { type ReactNode, useEffect, useState } from 'react';
import { useZone } from '../shell/property.tsx';
import { partTexts } from './texts.ts';

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
  const now = useNow(distance ? 15_000 : undefined);
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
