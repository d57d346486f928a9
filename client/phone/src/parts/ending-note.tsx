import { describeEnding, latestEndings } from '@cardea/client-ui';
import type { GrantMethod } from '@cardea/wire-api';
import type { ReactNode } from 'react';
import { usePhone } from '../own/keeper.tsx';

/** Until when each door can still be opened by what was taken back just now. */
export function EndingNote({
  title,
  nothing,
  methods,
}: {
  readonly title: string;
  /** What is said where it opened nothing. */
  readonly nothing: string;
  readonly methods: readonly Pick<GrantMethod, 'door_id' | 'ending'>[];
}): ReactNode {
  const { doors, now } = usePhone();
  const endings = [...latestEndings(methods)];
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="note warn" role="status">
      <p className="strong">{title}</p>
      {endings.length === 0 && <p>{nothing}</p>}
      <ul className="plain">
        {endings.map(([doorId, ending]) => {
          const door = doors.find(({ id }) => id === doorId);
          return (
            <li key={doorId}>
              {door?.name ?? doorId}: {describeEnding(ending, { zone: door?.zone ?? here, revoked: true, now })}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
