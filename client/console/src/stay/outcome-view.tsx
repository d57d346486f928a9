import { formatMoment, problemWords, QrCode, useTexts } from '@cardea/client-ui';
import type { Grant, Property } from '@cardea/wire-api';
import { Alert, Code, Group, Stack, Text, Title } from '@mantine/core';
import { CheckIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { Endings } from '../ending/endings.tsx';
import { useDoors } from '../estate/use-estate.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { PersonName } from '../parts/names.tsx';
import { ShownPin } from '../parts/shown-pin.tsx';
import type { GivenPin } from './pins.ts';
import type { Outcome } from './task.ts';
import { stayTexts } from './texts.ts';

const DONE = {
  duplicate: 'duplicated',
  extend: 'extended',
  move: 'moved',
  checkOut: 'checkedOut',
} as const;

/** What came of a task: what was given out (a PIN is told this once), how the guest gets in, and which keys ended. */
export function OutcomeView({
  property,
  outcome,
}: {
  readonly property: Property;
  readonly outcome: Outcome;
}): ReactNode {
  const say = useTexts(stayTexts);
  const doorNames = useDoorNames(property.id);
  const zone = property.time_zone;
  if (outcome.kind === 'cancelled') return <Done>{say('cancelled')}</Done>;
  if (outcome.kind === 'oneShot') {
    const { grant, name, pins } = outcome;
    const until = grant.not_after === null ? '—' : formatMoment(grant.not_after, zone);
    return (
      <Stack gap="md">
        <Done>{say('oneShotGiven', { name, door: doorNames([grant]), until })}</Done>
        <Pins pins={pins} grants={[grant]} doorNames={doorNames} />
      </Stack>
    );
  }
  const { verb, answer, pins, contact } = outcome;
  const { stay, grants, endings } = answer;
  const byPhone = verb !== 'extend' && grants.some(({ methods }) => methods.includes('mobile_key'));
  const byCard = verb === 'checkIn' && grants.some(({ methods }) => methods.includes('card'));
  return (
    <Stack gap="md">
      <Done>
        {verb === 'checkIn' ? (
          <>
            <PersonName id={stay.person_id} />
            <br />
            {say(stay.state === 'reserved' ? 'reservedOne' : 'checkedInOne', {
              from: formatMoment(stay.from, zone),
              until: formatMoment(stay.to, zone),
            })}
          </>
        ) : (
          say(DONE[verb], { until: formatMoment(stay.to, zone), room: doorNames([stay]) })
        )}
      </Done>
      <Pins pins={pins} grants={grants} doorNames={doorNames} />
      {byPhone && verb !== 'checkOut' && verb !== 'move' && <OnThePhone contact={contact} />}
      {byCard && <Text size="sm">{say('cardHow')}</Text>}
      {endings.length > 0 && (
        <section aria-label={say('keysEnded')}>
          <Title order={3} size="h5" mb={4}>
            {say('keysEnded')}
          </Title>
          <Endings
            endings={endings.map((one) => ({
              doorId: one.door_id,
              personId: one.person_id,
              grantId: one.grant_id,
              ending: one.ending,
            }))}
          />
        </section>
      )}
    </Stack>
  );
}

function Done({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Alert color="teal" icon={<CheckIcon aria-hidden />} role="status">
      <Text size="sm" fw={550}>
        {children}
      </Text>
    </Alert>
  );
}

function Pins({
  pins,
  grants,
  doorNames,
}: {
  readonly pins: readonly GivenPin[];
  readonly grants: readonly Grant[];
  readonly doorNames: (of: readonly (Grant | { readonly door_ids: readonly string[] })[]) => string;
}): ReactNode {
  const say = useTexts(stayTexts);
  if (pins.length === 0) return null;
  return (
    <Stack gap="xs">
      {pins.map(({ pin, grantIds, problem }) => {
        const doors = doorNames(grants.filter(({ id }) => grantIds.includes(id)));
        return pin === undefined ? (
          <Alert key={grantIds.join()} color="red" role="alert">
            <Text size="sm">{say('pinFailed', { doors, problem: problemWords(problem, { acting: true }) })}</Text>
          </Alert>
        ) : (
          <ShownPin key={grantIds.join()} label={say('pinIs', { doors })} pin={pin} />
        );
      })}
      <Text size="xs" c="dimmed">
        {say('pinOnce')} {say('pinSetting')}
      </Text>
    </Stack>
  );
}

function OnThePhone({ contact }: { readonly contact: boolean | null }): ReactNode {
  const say = useTexts(stayTexts);
  const address = `${location.origin}/phone/`;
  return (
    <div>
      <Text size="sm" fw={550}>
        {say('phoneHow')}
      </Text>
      {contact === false ? (
        <Text size="sm">{say('phoneNoContact')}</Text>
      ) : (
        <>
          <Group gap="md" mt={4}>
            <QrCode text={address} label={say('phoneQr', { address })} sizePx={132} />
            <Group gap="xs">
              <Code>{address}</Code>
              <CopyButton text={address} size="compact-sm" />
            </Group>
          </Group>
          <Text size="sm" c="dimmed" mt={4}>
            {say('phoneSteps')}
          </Text>
        </>
      )}
    </div>
  );
}

/** The doors of grants and stays by name, in one line. */
function useDoorNames(
  propertyId: string,
): (of: readonly (Grant | { readonly door_ids: readonly string[] })[]) => string {
  const doors = useDoors(propertyId).data ?? [];
  return (of) => {
    const ids = of.flatMap((one) =>
      'door_ids' in one ? one.door_ids : one.scope.kind === 'doors' ? one.scope.door_ids : [],
    );
    return doors
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join(', ');
  };
}
