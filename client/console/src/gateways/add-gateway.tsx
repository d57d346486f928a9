import { useApi, useTexts } from '@cardea/client-ui';
import type { AddedGateway, Property } from '@cardea/wire-api';
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { CheckCircledIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { CopyLine } from '../parts/copy-line.tsx';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { addGatewayTexts } from './add-texts.ts';
import { enrolCommand } from './enrol-command.ts';
import { GATEWAYS_KEY, useGateways } from './gateways-of.ts';

/** Adds a gateway to a property: its token with the command to run, shown once, and then whether it has come online. */
export function AddGateway({ property }: { readonly property: Property }): ReactNode {
  const api = useApi();
  const say = useTexts(addGatewayTexts);
  const [name, setName] = useState('');
  const [added, setAdded] = useState<AddedGateway>();
  const act = useAct<void, AddedGateway>({
    inline: true,
    fields: ['name'],
    stale: [GATEWAYS_KEY],
    work: () => api.gateways.add({ property_id: property.id, name: name.trim() }),
    after: setAdded,
  });
  if (added !== undefined) {
    return (
      <Added
        property={property}
        added={added}
        onAnother={() => {
          setAdded(undefined);
          setName('');
        }}
      />
    );
  }
  return (
    <Form act={act} action={say('add')} ready={name.trim() !== ''}>
      <Text size="sm">{say('why')}</Text>
      <NameField
        label={say('name')}
        placeholder={say('namePlaceholder')}
        value={name}
        onChange={setName}
        error={act.wrong('name')}
      />
    </Form>
  );
}

function Added({
  property,
  added: { gateway, enrolment_token: token },
  onAnother,
}: {
  readonly property: Property;
  readonly added: AddedGateway;
  readonly onAnother: () => void;
}): ReactNode {
  const say = useTexts(addGatewayTexts);
  const online = useGateways(property.id).data?.find(({ id }) => id === gateway.id)?.online ?? false;
  return (
    <Stack gap="md">
      <Text fw={560}>{say('once')}</Text>
      <Text size="sm">{say('onceWhy')}</Text>
      <CopyLine text={enrolCommand(location.origin, token)} />
      <Alert
        color={online ? 'teal' : 'blue'}
        icon={online ? <CheckCircledIcon /> : <Loader size="sm" aria-hidden />}
        role="status"
      >
        {say(online ? 'online' : 'waiting', { name: gateway.name })}
      </Alert>
      <Group justify="end">
        <Button variant="default" onClick={onAnother}>
          {say('another')}
        </Button>
      </Group>
    </Stack>
  );
}
