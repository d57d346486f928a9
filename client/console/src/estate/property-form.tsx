import { useApi, useTexts } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { PROPERTIES_KEY } from '../shell/property.tsx';
import { leaseChoices, leaseWords, USUAL_LEASE_S } from './offline-lease.ts';
import { estateTexts } from './texts.ts';
import { everyZone, guessRegion, ownZone } from './zones.ts';

const NEVER = 'never';

/** Adds a property, or changes one; the zone and the region are chosen once. */
export function PropertyForm({
  property,
  onDone,
}: {
  /** The one to change; without it a new one is added. */
  readonly property?: Property;
  readonly onDone?: (property: Property) => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(estateTexts);
  const [name, setName] = useState(property?.name ?? '');
  const [zone, setZone] = useState(property?.time_zone ?? ownZone());
  const [region, setRegion] = useState(property?.region ?? guessRegion(zone));
  const [checkIn, setCheckIn] = useState(property?.check_in_time ?? '15:00');
  const [checkOut, setCheckOut] = useState(property?.check_out_time ?? '11:00');
  const [leaseS, setLease] = useState(property === undefined ? USUAL_LEASE_S : property.offline_lease_s);
  const [visitors, setVisitors] = useState(property?.visitors ?? 'on');
  const zones = useMemo(() => everyZone(ownZone()), []);
  const act = useAct<void, Property>({
    inline: true,
    fields: ['name', 'time_zone', 'region', 'check_in_time', 'check_out_time', 'offline_lease_s'],
    stale: [PROPERTIES_KEY],
    work: () => {
      const changeable = {
        name: name.trim(),
        check_in_time: checkIn,
        check_out_time: checkOut,
        offline_lease_s: leaseS,
        visitors,
      };
      return property === undefined
        ? api.properties.add({ ...changeable, time_zone: zone, region: region.trim() })
        : api.properties.change(property.id, changeable);
    },
    done: (answer) => (property === undefined ? say('added', { name: answer.name }) : say('saved')),
    after: (answer) => onDone?.(answer),
  });
  return (
    <Form act={act} action={say(property === undefined ? 'addProperty' : 'save')} ready={name.trim() !== ''}>
      <NameField
        label={say('name')}
        placeholder={say('namePlaceholder')}
        value={name}
        onChange={setName}
        error={act.wrong('name')}
      />
      {property === undefined && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={say('timeZone')}
            description={say('timeZoneWhy')}
            data={zones}
            value={zone}
            onChange={(chosen) => {
              if (chosen === null) return;
              setZone(chosen);
              setRegion(guessRegion(chosen));
            }}
            error={act.wrong('time_zone')}
            nothingFoundMessage={say('noZone')}
            searchable
            limit={100}
          />
          <TextInput
            label={say('region')}
            description={say('regionWhy')}
            value={region}
            onChange={(event) => setRegion(event.currentTarget.value)}
            error={act.wrong('region')}
            pattern="[a-z][a-z0-9\-]{0,31}"
            title={say('regionForm')}
            autoComplete="off"
            maxLength={32}
            required
            withAsterisk={false}
            inputWrapperOrder={['label', 'description', 'input', 'error']}
          />
        </SimpleGrid>
      )}
      <SimpleGrid cols={2}>
        <TextInput
          type="time"
          label={say('checkInTime')}
          value={checkIn}
          onChange={(event) => setCheckIn(event.currentTarget.value)}
          error={act.wrong('check_in_time')}
          required
          withAsterisk={false}
        />
        <TextInput
          type="time"
          label={say('checkOutTime')}
          value={checkOut}
          onChange={(event) => setCheckOut(event.currentTarget.value)}
          error={act.wrong('check_out_time')}
          required
          withAsterisk={false}
        />
      </SimpleGrid>
      <Select
        label={say('offline')}
        description={say('offlineWhy')}
        data={[
          { value: NEVER, label: say('offlineNever') },
          ...leaseChoices(leaseS).map((seconds) => {
            const time = leaseWords(seconds, say);
            return { value: String(seconds), label: seconds === USUAL_LEASE_S ? say('usual', { time }) : time };
          }),
        ]}
        value={leaseS === null ? NEVER : String(leaseS)}
        onChange={(chosen) => setLease(chosen === NEVER || chosen === null ? null : Number(chosen))}
        error={act.wrong('offline_lease_s')}
        allowDeselect={false}
      />
      <Switch
        label={say('visitors')}
        description={say('visitorsWhy')}
        checked={visitors === 'on'}
        onChange={(event) => setVisitors(event.currentTarget.checked ? 'on' : 'off')}
      />
    </Form>
  );
}
