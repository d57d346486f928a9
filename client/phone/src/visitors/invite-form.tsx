import { useTexts } from '@cardea/client-ui';
import type { InvitedVisitor } from '@cardea/wire-api';
import { type ReactNode, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useAct } from '../parts/use-act.ts';
import { visitorTexts } from './texts.ts';
import { usualVisit, visitOf } from './visit-time.ts';

/** Whom to let in, where and when. */
export function InviteForm({
  onInvited,
  onCancel,
}: {
  readonly onInvited: (invited: InvitedVisitor) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const say = useTexts(visitorTexts);
  const { api, doors } = usePhone();
  const [chosen, setChosen] = useState<readonly string[]>(doors.length === 1 ? doors.map(({ id }) => id) : []);
  // All doors of a visit are in one property.
  const zone =
    doors.find(({ id }) => chosen.includes(id))?.zone ??
    doors[0]?.zone ??
    Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [name, setName] = useState('');
  const [time, setTime] = useState(() => usualVisit(Date.now(), zone));
  const [address, setAddress] = useState('');
  const [pin, setPin] = useState(false);
  const act = useAct();
  const canHavePin = doors.some(({ id, hasPin }) => hasPin && chosen.includes(id));
  const invite = async (): Promise<void> => {
    if (chosen.length === 0) throw new Error(say('doorsMissing'));
    const visit = visitOf(time, zone, Date.now());
    if (visit === undefined) throw new Error(say('timeWrong'));
    const to = address.trim();
    onInvited(
      await api.visitors.invite({
        name: name.trim(),
        door_ids: [...chosen],
        ...visit,
        ...(to !== '' && { address: to }),
        ...(pin && canHavePin && { pin }),
      }),
    );
  };
  return (
    <section className="card" aria-labelledby="invite">
      <h2 id="invite">{say('invite')}</h2>
      <Form submit={say('submit')} busyWords={say('busy')} act={act} onSubmit={invite}>
        <Field name="visitor" label={say('name')} value={name} onChange={setName} maxLength={100} autoComplete="off" />
        <fieldset>
          <legend>{say('doors')}</legend>
          {doors.map((door) => (
            <label key={door.id}>
              <input
                type="checkbox"
                checked={chosen.includes(door.id)}
                onChange={(event) =>
                  setChosen(
                    event.currentTarget.checked ? [...chosen, door.id] : chosen.filter((one) => one !== door.id),
                  )
                }
              />
              {door.name}
            </label>
          ))}
        </fieldset>
        <Field
          name="from"
          label={say('from')}
          type="datetime-local"
          value={time.from}
          onChange={(from) => setTime({ ...time, from })}
        />
        <Field
          name="until"
          label={say('until')}
          hint={say('zone', { zone })}
          type="datetime-local"
          value={time.until}
          onChange={(until) => setTime({ ...time, until })}
        />
        <Field
          name="address"
          label={say('address')}
          hint={say('addressHint')}
          value={address}
          onChange={setAddress}
          required={false}
          inputMode="email"
          autoComplete="off"
        />
        {canHavePin && (
          <label>
            <input type="checkbox" checked={pin} onChange={(event) => setPin(event.currentTarget.checked)} />
            {say('pin')}
          </label>
        )}
      </Form>
      <button type="button" className="quiet" onClick={onCancel}>
        {say('cancel')}
      </button>
    </section>
  );
}
