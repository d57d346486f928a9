import { formatDistance, formatMoment, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { OpenDoor } from '../open/open-door.tsx';
import { usePhone } from '../own/keeper.tsx';
import type { DoorRow } from './rows.ts';
import { doorTexts } from './texts.ts';

/** A door: what it is called, until when it opens, and the button. */
export function DoorCard({ row }: { readonly row: DoorRow }): ReactNode {
  const say = useTexts(doorTexts);
  const { now } = usePhone();
  const zone = row.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = (seconds: number): string => new Date(1_000 * seconds).toISOString();
  const moment = (seconds: number) => ({
    at: formatMoment(at(seconds), zone),
    distance: formatDistance(at(seconds), now),
  });
  return (
    <li className="door">
      <h2>{row.name}</h2>
      {row.opensFromS !== undefined && <p>{say('opensFrom', moment(row.opensFromS))}</p>}
      {row.offlineUntilS !== undefined && (
        <>
          <p>{row.endsS === undefined ? say('noEnd') : say('until', moment(row.endsS))}</p>
          <p className="hint">{say('offline', moment(row.offlineUntilS))}</p>
        </>
      )}
      {row.offlineUntilS === undefined && row.opensFromS === undefined && <p className="hint">{say('noKey')}</p>}
      <OpenDoor row={row} />
    </li>
  );
}
