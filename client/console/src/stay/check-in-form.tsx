import { addDays, useApi, useTexts, wallClock } from '@cardea/client-ui';
import type { AccessMethod, Property } from '@cardea/wire-api';
import { Button, Checkbox, Collapse, Stack, TextInput } from '@mantine/core';
import { ChevronDownIcon, ChevronUpIcon } from '@radix-ui/react-icons';
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

/** Checks a guest in who has no reservation, or reserves: room, guest, until and how are all that is asked for. */
export function CheckInForm({
  property,
  onDone,
}: {
  readonly property: Property;
  readonly onDone: (outcome: Outcome) => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const today = wallClock(Date.now(), property.time_zone).date;
  const [doorId, setDoorId] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [contact, setContact] = useState('');
  const [untilDay, setUntilDay] = useState(addDays(today, 1));
  const [untilTime, setUntilTime] = useState('');
  const [methods, setMethods] = useState<readonly AccessMethod[]>(['mobile_key']);
  const [more, setMore] = useState(false);
  const [reserveOnly, setReserveOnly] = useState(false);
  const [fromDay, setFromDay] = useState(today);
  const [replace, setReplace] = useState(false);
  const [tried, setTried] = useState(false);

  const until = stayMoment(untilDay, untilTime);
  const missing = {
    room: doorId === null ? say('chooseRoom') : undefined,
    name: name.trim() === '' ? say('nameMissing') : undefined,
    until: until === undefined ? say('dayMissing') : undefined,
    methods: methods.length === 0 && !reserveOnly ? say('howMissing') : undefined,
  };
  const act = useAct({
    fields: ['name', 'contact', 'until', 'door_ids', 'room', 'from', 'methods'],
    inline: true,
    stale: [STAYS_KEY],
    work: async () => {
      const answer = await api.stays.add({
        property_id: property.id,
        door_ids: doorId === null ? [] : [doorId],
        name: name.trim(),
        until: until ?? '',
        ...(contact.trim() !== '' && { contact: contact.trim() }),
        ...(reserveOnly ? { check_in: false, from: fromDay } : { methods: [...methods], replace }),
      });
      return { answer, pins: await makePins(api, answer.grants) };
    },
    after: ({ answer, pins }) =>
      onDone({ kind: 'stay', verb: 'checkIn', answer, pins, contact: contact.trim() !== '' }),
  });
  const wrong = (field: keyof typeof missing, ...named: readonly string[]): string | undefined =>
    (tried ? missing[field] : undefined) ?? [field, ...named].map(act.wrong).find((words) => words !== undefined);

  return (
    <Form
      act={act}
      action={say(reserveOnly ? 'reserve' : 'checkIn')}
      check={() => {
        setTried(true);
        return Object.values(missing).every((words) => words === undefined);
      }}
    >
      <RoomField
        property={property}
        label={say('room')}
        value={doorId}
        onChange={setDoorId}
        error={wrong('room', 'door_ids')}
      />
      <NameField label={say('guestName')} value={name} onChange={setName} error={wrong('name')} />
      <TextInput
        type="date"
        label={say('untilDay')}
        description={say('untilWhy', { time: property.check_out_time })}
        value={untilDay}
        min={today}
        onChange={(event) => setUntilDay(event.currentTarget.value)}
        error={wrong('until')}
      />
      {!reserveOnly && <MethodField value={methods} onChange={setMethods} error={wrong('methods')} />}
      {(reserveOnly || methods.includes('mobile_key')) && (
        <ContactField value={contact} onChange={setContact} error={act.wrong('contact')} />
      )}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={more}
          rightSection={more ? <ChevronUpIcon aria-hidden /> : <ChevronDownIcon aria-hidden />}
          onClick={() => setMore(!more)}
        >
          {say('more')}
        </Button>
        <Collapse expanded={more}>
          <Stack gap="md" pt="sm">
            <TextInput
              type="time"
              label={say('untilTime')}
              value={untilTime}
              onChange={(event) => setUntilTime(event.currentTarget.value)}
            />
            <Checkbox
              label={say('reserveOnly')}
              checked={reserveOnly}
              onChange={(event) => setReserveOnly(event.currentTarget.checked)}
            />
            {reserveOnly ? (
              <TextInput
                type="date"
                label={say('fromDay')}
                value={fromDay}
                min={today}
                onChange={(event) => setFromDay(event.currentTarget.value)}
                error={act.wrong('from')}
              />
            ) : (
              <Checkbox
                label={say('replace')}
                checked={replace}
                onChange={(event) => setReplace(event.currentTarget.checked)}
              />
            )}
          </Stack>
        </Collapse>
      </div>
    </Form>
  );
}
