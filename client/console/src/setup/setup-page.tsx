import './setup.css';
import { type Say, type Texts, useApi, useTexts } from '@cardea/client-ui';
import type { Person } from '@cardea/wire-api';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { PropertyForm } from '../estate/property-form.tsx';
import { useDoors, useFloors } from '../estate/use-estate.ts';
import { useGateways } from '../gateways/gateways-of.ts';
import { pageTexts } from '../page-texts.ts';
import { Page } from '../parts/page.tsx';
import { Loading } from '../parts/states.tsx';
import { InviteForm } from '../people/invite-form.tsx';
import { PERSONS_KEY } from '../people/persons-key.ts';
import { STAFF_ROLES } from '../people/role-choice.ts';
import { useScopes } from '../session/session.tsx';
import { useProperties } from '../shell/property.tsx';
import { DoorsStep } from './doors-step.tsx';
import { GatewaysStep } from './gateways-step.tsx';
import { LocksStep } from './locks-step.tsx';
import { boundOf, type Known, nextStep, STEPS, type StepName, stepsDone } from './progress.ts';
import { Step } from './step.tsx';
import { setupTexts } from './texts.ts';

/** The first hour: from an empty server to a door that opens, in steps that can be left and resumed. */
export function SetupPage(): ReactNode {
  const say = useTexts(setupTexts);
  const sayPage = useTexts(pageTexts);
  const known = useKnown();
  return (
    <Page title={sayPage('setup')} lead={say('lead')}>
      {isKnown(known) ? <Steps known={known} /> : <Loading />}
    </Page>
  );
}

function Steps({ known }: { readonly known: Known }): ReactNode {
  const say = useTexts(setupTexts);
  const done = stepsDone(known);
  // A step stays open when it is done: what came of it is still to be read.
  const [opened, open] = useState(() => nextStep(done));
  return (
    <>
      <Text size="sm" mb="sm" role="status">
        {say('stepsDone', { done: done.size, count: STEPS.length })}
      </Text>
      <ol className="setup-steps">
        {STEPS.map((step, at) => (
          <Step
            key={step}
            number={at + 1}
            title={say(step)}
            status={statusOf(step, known, say)}
            done={done.has(step)}
            opened={opened === step}
            onToggle={() => open(opened === step ? undefined : step)}
          >
            <Work step={step} known={known} />
          </Step>
        ))}
      </ol>
      {done.size === STEPS.length && <AllDone />}
    </>
  );
}

function AllDone(): ReactNode {
  const say = useTexts(setupTexts);
  return (
    <Stack gap="xs" mt="lg">
      <Text>{say('toFrontDesk')}</Text>
      <Group gap="xs">
        <Button component={Link} href="/desk">
          {say('openDesk')}
        </Button>
        <Button component={Link} href="/plan" variant="default">
          {say('openPlan')}
        </Button>
      </Group>
    </Stack>
  );
}

function Work({ step, known: { property, doors } }: { readonly step: StepName; readonly known: Known }): ReactNode {
  const say = useTexts(setupTexts);
  if (step === 'staff') return <InviteForm usual="front_desk" />;
  if (step === 'property') {
    return property === undefined ? <PropertyForm /> : <Text size="sm">{say('propertyElsewhere')}</Text>;
  }
  if (property === undefined) return <Text size="sm">{say('needsProperty')}</Text>;
  if (step === 'doors') return <DoorsStep property={property} />;
  if (step === 'gateways') return <GatewaysStep property={property} />;
  if (doors?.length === 0) return <Text size="sm">{say('needsDoors')}</Text>;
  return <LocksStep property={property} />;
}

function useKnown(): Known {
  const api = useApi();
  const { chosen: property } = useProperties();
  const mayReadPersons = useScopes()('persons:read');
  const propertyId = property?.id ?? '';
  const enabled = property !== undefined;
  const floors = useFloors(propertyId, enabled);
  const doors = useDoors(propertyId, enabled);
  const gateways = useGateways(propertyId, enabled);
  const staff = useQuery({
    queryKey: [...PERSONS_KEY, 'staff'],
    queryFn: ({ signal }) => firstStaff(api.persons.list({ limit: 100 }, { signal })),
    enabled: mayReadPersons,
  });
  return {
    property,
    floors: floors.data,
    doors: doors.data,
    gateways: gateways.data,
    staff: staff.data,
  };
}

/** So many of the staff are enough to know that there is some: an estate may have thousands of guests. */
const STAFF_LOOKED_FOR = 10;
const PERSONS_LOOKED_AT = 500;

async function firstStaff(persons: AsyncIterable<Person>): Promise<readonly Person[]> {
  const staff: Person[] = [];
  let looked = 0;
  for await (const person of persons) {
    if (STAFF_ROLES.includes(person.role)) staff.push(person);
    looked += 1;
    if (staff.length >= STAFF_LOOKED_FOR || looked >= PERSONS_LOOKED_AT) break;
  }
  return staff;
}

/** The guide opens at the right step only when it is known what is there. */
function isKnown({ property, floors, doors, gateways, staff }: Known): boolean {
  if (staff === undefined) return false;
  return property === undefined || (floors !== undefined && doors !== undefined && gateways !== undefined);
}

function statusOf(
  step: StepName,
  { property, floors = [], doors = [], gateways = [], staff = [] }: Known,
  say: typeof setupTexts extends Texts<infer Key> ? Say<Key> : never,
): string {
  const doorCount = say('doorCount', { count: doors.length });
  switch (step) {
    case 'property':
      if (property === undefined) return say('propertyNone');
      return say('propertyThere', {
        name: property.name,
        zone: property.time_zone,
        from: property.check_in_time,
        to: property.check_out_time,
      });
    case 'doors':
      if (doors.length === 0) return say('doorsNone');
      return say('doorsThere', { doors: doorCount, floors: say('floorCount', { count: floors.length }) });
    case 'gateways': {
      if (gateways.length === 0) return say('gatewaysNone');
      const online = gateways.filter((one) => one.online).length;
      return say('gatewaysThere', { online, count: gateways.length });
    }
    case 'locks': {
      const bound = boundOf(doors);
      return bound === 0 ? say('locksNone') : say('locksThere', { bound, doors: doorCount });
    }
    case 'staff':
      return staff.length < 2 ? say('staffNone') : say('staffThere', { count: staff.length - 1 });
  }
}
