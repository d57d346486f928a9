import { formatMoment, useTexts } from '@cardea/client-ui';
import type { LostPhone, Phone } from '@cardea/wire-api';
import { type ReactNode, useCallback, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { EndingNote } from '../parts/ending-note.tsx';
import { LoadedPart } from '../parts/loaded-part.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { accountTexts } from './texts.ts';

/** The phones and cards of the person: one that is lost is reported from another one here. */
export function OwnPhones(): ReactNode {
  const say = useTexts(accountTexts);
  const { api, me } = usePhone();
  const personId = me?.person_id;
  const [lost, setLost] = useState<LostPhone | undefined>(undefined);
  const load = useCallback(
    async (signal: AbortSignal): Promise<readonly Phone[]> => {
      const query = { person_id: personId ?? (await api.me({ signal })).person_id };
      const all: Phone[] = [];
      for await (const phone of api.phones.list(query, { signal })) all.push(phone);
      return all.reverse();
    },
    [api, personId],
  );
  const loaded = useLoaded(load);
  return (
    <section className="card" aria-labelledby="own-phones">
      <h2 id="own-phones">{say('phones')}</h2>
      <p className="hint">{say('phonesHint')}</p>
      {lost !== undefined && (
        <EndingNote
          title={say('lostEndings', { name: lost.phone.name })}
          nothing={say('lostNothing')}
          methods={lost.doors}
        />
      )}
      <LoadedPart loaded={loaded}>
        {(phones) => (
          <ul className="rows">
            {phones.map((phone) => (
              <OnePhone
                key={phone.id}
                phone={phone}
                onLost={async () => {
                  setLost(await api.phones.lost(phone.id));
                  loaded.reload();
                }}
              />
            ))}
          </ul>
        )}
      </LoadedPart>
    </section>
  );
}

function OnePhone({ phone, onLost }: { readonly phone: Phone; readonly onLost: () => Promise<void> }): ReactNode {
  const say = useTexts(accountTexts);
  const { own } = usePhone();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { id, name, kind, state, created_at, lost_at } = phone;
  return (
    <li>
      <p>
        <span className="strong">{name}</span>
        {id === own.phone.phoneId && ` · ${say('thisPhone')}`}
      </p>
      <p className="hint">
        {say(kind)},{' '}
        {lost_at === null
          ? say('since', { at: formatMoment(created_at, zone) })
          : say('lostSince', { at: formatMoment(lost_at, zone) })}
      </p>
      {state === 'active' && id !== own.phone.phoneId && (
        <Confirm
          label={say('lost')}
          name={say('lostName', { name })}
          question={<p>{say('lostSure', { name })}</p>}
          action={say('lost')}
          onConfirm={onLost}
        />
      )}
    </li>
  );
}
