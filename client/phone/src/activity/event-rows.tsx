import { formatDistance, formatMoment, useTexts, wasToldLate } from '@cardea/client-ui';
import type { Event } from '@cardea/wire-api';
import type { ReactNode } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { activityWords } from './activity-words.ts';
import { activityTexts } from './texts.ts';

/** Events as a list, in the order in which they are handed over. */
export function EventRows({
  label,
  events,
  visitors,
  fresh,
}: {
  readonly label: string;
  readonly events: readonly Event[];
  /** Names of visitors by id. */
  readonly visitors: ReadonlyMap<string, string>;
  /** Ids of those that the person sees for the first time. */
  readonly fresh?: ReadonlySet<string>;
}): ReactNode {
  return (
    <ol className="notes" aria-label={label}>
      {events.map((event) => (
        <OneEvent key={event.id} event={event} visitors={visitors} isNew={fresh?.has(event.id) ?? false} />
      ))}
    </ol>
  );
}

function OneEvent({
  event,
  visitors,
  isNew,
}: {
  readonly event: Event;
  readonly visitors: ReadonlyMap<string, string>;
  readonly isNew: boolean;
}): ReactNode {
  const say = useTexts(activityTexts);
  const { doors, now } = usePhone();
  const { title, more, tone } = activityWords(event, visitors);
  const door = doors.find(({ id }) => id === event.door_id);
  // One zone for the whole list, also for what happened at no door.
  const zone = door?.zone ?? doors[0]?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = event.occurred_at ?? event.received_at;
  return (
    <li className={tone === 'quiet' ? 'note' : `note ${tone}`} data-event={event.type}>
      <p>
        {isNew && <span className="new">{say('isNew')}</span>}
        <span className="strong">{door === undefined ? title : `${door.name}: ${title}`}</span>
      </p>
      {more !== '' && <p className="hint">{more}</p>}
      <p className="hint">
        {say('at', { at: formatMoment(at, zone), distance: formatDistance(at, Math.max(now, Date.parse(at))) })}
        {wasToldLate(event) && ` · ${say('told', { at: formatMoment(event.received_at, zone) })}`}
      </p>
    </li>
  );
}
