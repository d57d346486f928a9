import { useTexts } from '@cardea/client-ui';
import { Button, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { PropertyForm } from '../estate/property-form.tsx';
import { pageTexts } from '../page-texts.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperties, useProperty } from '../shell/property.tsx';
import { DoorSettings } from './door-settings.tsx';
import { FloorSettings } from './floor-settings.tsx';
import { GeofenceForm } from './geofence-form.tsx';
import { RecordFacts } from './record-facts.tsx';
import { SignInSettings } from './sign-in-settings.tsx';
import { settingTexts } from './texts.ts';

/** What holds for the property, its floors and doors, and for everybody who signs in. */
export function SettingsPage(): ReactNode {
  const say = useTexts(settingTexts);
  const sayPage = useTexts(pageTexts);
  const property = useProperty();
  const holds = useScopes();
  return (
    <Page title={sayPage('settings')} lead={say('lead', { property: property.name })} actions={<AddProperty />}>
      <Panel title={say('property')}>
        <Text size="sm" c="dimmed" mb="md">
          {say('fixed', { zone: property.time_zone, region: property.region })}
        </Text>
        <PropertyForm property={property} />
      </Panel>
      <Panel title={say('geofence')}>
        <GeofenceForm property={property} />
      </Panel>
      <FloorSettings property={property} />
      <DoorSettings property={property} />
      {holds('persons:read') && <SignInSettings />}
      {holds('events:read', 'audit:read') && <RecordFacts />}
    </Page>
  );
}

function AddProperty(): ReactNode {
  const say = useTexts(settingTexts);
  const { choose } = useProperties();
  const [opened, open] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => open(true)}>
        {say('addProperty')}
      </Button>
      <Dialog opened={opened} title={say('addProperty')} size="lg" onClose={() => open(false)}>
        <PropertyForm
          onDone={({ id }) => {
            open(false);
            choose(id);
          }}
        />
      </Dialog>
    </>
  );
}
