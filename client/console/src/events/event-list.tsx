import './event-list.css';
import { eventWords, useTexts, wasToldLate } from '@cardea/client-ui';
import type { Event } from '@cardea/wire-api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DoorName, GatewayName, PersonName } from '../parts/names.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { When } from '../parts/when.tsx';
import { eventListTexts } from './event-list-texts.ts';

/** Events as a list, each with when it happened, what it means and by whom; the newest where the caller has it. */
export function EventList({
  label,
  events,
  doors = true,
  more,
}: {
  readonly label: string;
  readonly events: readonly Event[];
  /** Whether each says of which door it is: not on a door's own page. */
  readonly doors?: boolean;
  /** What is told of each beside. */
  readonly more?: (event: Event) => ReactNode;
}): ReactNode {
  return (
    <ol className="event-list" aria-label={label}>
      {events.map((event) => (
        <OneEvent key={event.id} event={event} doors={doors} more={more} />
      ))}
    </ol>
  );
}

function OneEvent({
  event,
  doors,
  more: moreOf,
}: {
  readonly event: Event;
  readonly doors: boolean;
  readonly more: ((event: Event) => ReactNode) | undefined;
}): ReactNode {
  const say = useTexts(eventListTexts);
  const { title, more, tone } = eventWords(event);
  const { occurred_at: occurredAt, received_at: receivedAt } = event;
  return (
    <li>
      <span className="event-when">
        <When at={occurredAt ?? receivedAt} seconds />
      </span>
      <span className="event-what">
        {tone === 'quiet' ? <span>{title}</span> : <StateBadge tone={tone}>{title}</StateBadge>}
        {more !== '' && <span className="event-detail">{more}</span>}
        <Text span size="xs" c="dimmed" className="event-more">
          {doors && event.door_id !== null && <DoorName id={event.door_id} />}
          {event.gateway_id !== null && <GatewayName id={event.gateway_id} />}
          {event.person_id !== null && <PersonName id={event.person_id} />}
          {event.lock_sequence !== null && <span>{say('sequence', { sequence: event.lock_sequence })}</span>}
          {wasToldLate(event) && (
            <span>
              {say('told')} <When at={receivedAt} seconds />
            </span>
          )}
        </Text>
        {moreOf?.(event)}
      </span>
    </li>
  );
}
