import { useApi, useTexts } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { NumberInput, SimpleGrid, Switch, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { PROPERTIES_KEY } from '../shell/property.tsx';
import { settingTexts } from './texts.ts';

const USUAL_RADIUS_M = 150;

/** To a tenth of a metre or so. */
const DEGREES = { decimalScale: 6, hideControls: true } as const;

/** The circle inside which a phone counts as being at the property. */
export function GeofenceForm({ property }: { readonly property: Property }): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const now = property.geofence;
  const circle = now !== null && 'radius_m' in now ? now : undefined;
  const [on, setOn] = useState(circle !== undefined);
  const [latitude, setLatitude] = useState<number | string>(circle?.latitude ?? '');
  const [longitude, setLongitude] = useState<number | string>(circle?.longitude ?? '');
  const [radius, setRadius] = useState<number | string>(circle?.radius_m ?? USUAL_RADIUS_M);
  const given = [latitude, longitude, radius].every((value) => typeof value === 'number');
  const act = useAct({
    inline: true,
    stale: [PROPERTIES_KEY],
    work: () =>
      api.properties.change(property.id, {
        geofence: on ? { latitude: Number(latitude), longitude: Number(longitude), radius_m: Number(radius) } : null,
      }),
    done: say('saved'),
  });
  return (
    <Form act={act} action={say('save')} ready={!on || given}>
      <Text size="sm">{say('geofenceWhy')}</Text>
      {now !== null && 'polygon' in now && (
        <Text size="sm" c="dimmed">
          {say('polygon', { count: now.polygon.length })}
        </Text>
      )}
      <Switch label={say('geofenceOn')} checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
      {on && (
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <NumberInput
            {...DEGREES}
            label={say('latitude')}
            value={latitude}
            onChange={setLatitude}
            min={-90}
            max={90}
          />
          <NumberInput
            {...DEGREES}
            label={say('longitude')}
            value={longitude}
            onChange={setLongitude}
            min={-180}
            max={180}
          />
          <NumberInput
            label={say('radius')}
            value={radius}
            onChange={setRadius}
            min={1}
            max={100_000}
            allowDecimal={false}
            hideControls
          />
        </SimpleGrid>
      )}
    </Form>
  );
}
