import { addDays, useApi, useTexts, wallClock } from '@cardea/client-ui';
import type { AccessMethod, Property, Stay } from '@cardea/wire-api';
import { Checkbox, NumberInput, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { ContactField } from './contact-field.tsx';
import { MethodField } from './method-field.tsx';
import { makePins } from './pins.ts';
import { RoomField } from './room-field.tsx';
import { stayMoment } from './stay-moment.ts';
import { STAYS_KEY } from './stays-of.ts';
import type { Outcome } from './task.ts';
import { stayTexts } from './texts.ts';

interface FormProps {
  readonly property: Property;
  readonly onDone: (outcome: Outcome) => void;
}
interface StayFormProps extends FormProps {
  readonly stay: Stay;
}

/** Checks in the guest of a reservation: only how the room is opened is asked for. */
export function CheckInReservedForm({ stay, onDone }: StayFormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const [methods, setMethods] = useState<readonly AccessMethod[]>(['mobile_key']);
  const [replace, setReplace] = useState(false);
  const act = useAct({
    inline: true,
    stale: [STAYS_KEY],
    work: async () => {
      const answer = await api.stays.checkIn(stay.id, { methods: [...methods], replace });
      return { answer, pins: await makePins(api, answer.grants) };
    },
    after: ({ answer, pins }) => onDone({ kind: 'stay', verb: 'checkIn', answer, pins, contact: null }),
  });
  return (
    <Form act={act} action={say('checkIn')} ready={methods.length > 0}>
      <MethodField value={methods} onChange={setMethods} error={methods.length === 0 ? say('howMissing') : undefined} />
      <Checkbox
        label={say('replace')}
        checked={replace}
        onChange={(event) => setReplace(event.currentTarget.checked)}
      />
    </Form>
  );
}

/** Gives the same key to another person. */
export function DuplicateForm({ stay, onDone }: StayFormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const [name, setName] = useState('');
  const [contact, setContact] = useState('');
  const act = useAct({
    fields: ['name', 'contact'],
    inline: true,
    stale: [STAYS_KEY],
    work: async () => {
      const given = contact.trim();
      const answer = await api.stays.duplicate(stay.id, {
        name: name.trim(),
        ...(given !== '' && { contact: given }),
      });
      // Only of the person who has just come: those who were there have theirs.
      const newest = answer.grants.at(-1)?.person_id;
      const made = answer.grants.filter(
        ({ person_id: personId }) => personId === newest && personId !== stay.person_id,
      );
      return { answer, pins: await makePins(api, made) };
    },
    after: ({ answer, pins }) =>
      onDone({ kind: 'stay', verb: 'duplicate', answer, pins, contact: contact.trim() !== '' }),
  });
  return (
    <Form act={act} action={say('duplicate')} ready={name.trim() !== ''}>
      <NameField label={say('guestName')} value={name} onChange={setName} error={act.wrong('name')} data-autofocus />
      <ContactField value={contact} onChange={setContact} error={act.wrong('contact')} />
    </Form>
  );
}

/** Lets a stay end at another time, sooner or later. */
export function ExtendForm({ property, stay, onDone }: StayFormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const zone = property.time_zone;
  const [day, setDay] = useState(() => addDays(wallClock(stay.to, zone).date, 1));
  const [time, setTime] = useState('');
  const until = stayMoment(day, time);
  const act = useAct({
    fields: ['until'],
    inline: true,
    stale: [STAYS_KEY],
    work: () => api.stays.extend(stay.id, until ?? ''),
    after: (answer) => onDone({ kind: 'stay', verb: 'extend', answer, pins: [], contact: null }),
  });
  return (
    <Form act={act} action={say('save')} ready={until !== undefined}>
      <TextInput
        type="date"
        label={say('untilDay')}
        description={say('untilWhy', { time: property.check_out_time })}
        value={day}
        min={wallClock(Date.now(), zone).date}
        onChange={(event) => setDay(event.currentTarget.value)}
        error={act.wrong('until')}
        data-autofocus
      />
      <TextInput
        type="time"
        label={say('untilTime')}
        value={time}
        onChange={(event) => setTime(event.currentTarget.value)}
      />
    </Form>
  );
}

/** Gives a stay another room for the rest of its time. */
export function MoveForm({ property, stay, onDone }: StayFormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const [doorId, setDoorId] = useState<string | null>(null);
  const act = useAct({
    fields: ['door_ids', 'room'],
    inline: true,
    stale: [STAYS_KEY],
    work: async () => {
      const answer = await api.stays.move(stay.id, { door_ids: doorId === null ? [] : [doorId] });
      // The keys of the room are new; those of the common doors stay as they are, PINs included.
      const ofRoom = answer.grants.filter(
        ({ scope }) => scope.kind === 'doors' && scope.door_ids.some((id) => id === doorId),
      );
      return { answer, pins: await makePins(api, ofRoom) };
    },
    after: ({ answer, pins }) => onDone({ kind: 'stay', verb: 'move', answer, pins, contact: null }),
  });
  return (
    <Form act={act} action={say('move')} ready={doorId !== null}>
      <RoomField
        property={property}
        label={say('moveTo')}
        value={doorId}
        onChange={setDoorId}
        error={act.wrong('door_ids') ?? act.wrong('room')}
      />
    </Form>
  );
}

/** Ends a stay. */
export function CheckOutForm({ stay, onDone }: StayFormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  return (
    <EndForm
      action={say('checkOut')}
      ask={say('checkOutAsk')}
      work={() => api.stays.checkOut(stay.id)}
      after={(answer) => onDone({ kind: 'stay', verb: 'checkOut', answer, pins: [], contact: null })}
    />
  );
}

/** Cancels a reservation. */
export function CancelForm({ stay, onDone }: StayFormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  return (
    <EndForm
      action={say('cancelStay')}
      ask={say('cancelAsk')}
      work={() => api.stays.cancel(stay.id)}
      after={() => onDone({ kind: 'cancelled' })}
    />
  );
}

/** Says what comes to an end, and ends it. */
function EndForm<Answer>({
  action,
  ask,
  work,
  after,
}: {
  readonly action: string;
  readonly ask: string;
  readonly work: () => Promise<Answer>;
  readonly after: (answer: Answer) => void;
}): ReactNode {
  const act = useAct<void, Answer>({ inline: true, stale: [STAYS_KEY], work, after });
  return (
    <Form act={act} action={action} grave>
      <Text size="sm">{ask}</Text>
    </Form>
  );
}

/** Lets somebody who is not staying open a door once. */
export function OneShotForm({ property, onDone }: FormProps): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const [doorId, setDoorId] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [hours, setHours] = useState(2);
  const [methods, setMethods] = useState<readonly AccessMethod[]>(['pin']);
  const act = useAct({
    fields: ['name', 'door_ids', 'within_hours', 'methods'],
    inline: true,
    work: async () => {
      const grant = await api.oneShot(property.id, {
        door_ids: doorId === null ? [] : [doorId],
        name: name.trim(),
        within_hours: hours,
        methods: [...methods],
      });
      return { grant, pins: await makePins(api, [grant]) };
    },
    after: ({ grant, pins }) => onDone({ kind: 'oneShot', grant, name: name.trim(), pins }),
  });
  return (
    <Form act={act} action={say('giveOneShot')} ready={doorId !== null && name.trim() !== '' && methods.length > 0}>
      <RoomField
        any
        property={property}
        label={say('anyDoor')}
        value={doorId}
        onChange={setDoorId}
        error={act.wrong('door_ids')}
      />
      <NameField label={say('guestName')} value={name} onChange={setName} error={act.wrong('name')} />
      <NumberInput
        label={say('withinHours')}
        value={hours}
        min={1}
        max={168}
        allowDecimal={false}
        onChange={(value) => setHours(Number(value))}
        error={act.wrong('within_hours')}
      />
      <MethodField value={methods} onChange={setMethods} error={act.wrong('methods')} />
    </Form>
  );
}
