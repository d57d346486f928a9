import { useApi, useTexts } from '@cardea/client-ui';
import type { GrantAnswer, Property } from '@cardea/wire-api';
import { Alert, Button, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { CheckIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useAct } from '../parts/act.ts';
import { Dialog, DialogEnd } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { PersonName } from '../parts/names.tsx';
import { PersonField } from '../parts/person-field.tsx';
import { Notices } from '../schedules/notices.tsx';
import { useScopes } from '../session/session.tsx';
import { GrantPinMaker } from './grant-pin-maker.tsx';
import { GrantWindow } from './grant-window.tsx';
import { GRANTS_KEY } from './keys.ts';
import { ScopeName } from './scope-name.tsx';
import { TermFields } from './term-fields.tsx';
import { bodyOf, faultsOf, NEW_TERMS } from './terms.ts';
import { grantTexts } from './texts.ts';

/** What was given, and to which address an invitation went with it. */
interface Given {
  readonly grant: GrantAnswer;
  readonly invitedAt: string | undefined;
}

/** Lets somebody open doors: a form, then what came of it. */
export function NewGrantDialog({
  property,
  onClose,
}: {
  readonly property: Property;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(grantTexts);
  const [given, setGiven] = useState<Given>();
  return (
    <Dialog title={say('give')} size="xl" held={given === undefined} onClose={onClose}>
      {given === undefined ? (
        <NewGrantForm property={property} onDone={setGiven} />
      ) : (
        <GivenGrant given={given} onClose={onClose} />
      )}
    </Dialog>
  );
}

function NewGrantForm({
  property,
  onDone,
}: {
  readonly property: Property;
  readonly onDone: (given: Given) => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const mayInvite = useScopes()('persons:write');
  const zone = property.time_zone;
  const [terms, setTerms] = useState(NEW_TERMS);
  const [visitor, setVisitor] = useState(false);
  const [personId, setPersonId] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [contact, setContact] = useState('');
  const [tried, setTried] = useState(false);
  // Whoever was invited by a first try is not invited by the second.
  const [invited, setInvited] = useState<{ readonly id: string; readonly address: string }>();

  const missing = visitor
    ? { name: name.trim() === '' && say('nameMissing'), contact: contact.trim() === '' && say('contactMissing') }
    : { person: personId === null && say('choosePerson') };
  const faults = faultsOf(terms, zone);
  const act = useAct<void, Given>({
    fields: [
      'person_id',
      'scope',
      'not_before',
      'not_after',
      'schedule_id',
      'conditions',
      'operations',
      'methods',
      'uses',
      'name',
      'address',
    ],
    inline: true,
    stale: [GRANTS_KEY, ['persons', 'every']],
    work: async () => {
      const address = contact.trim();
      let id = visitor && invited?.address === address ? invited.id : personId;
      if (visitor && invited?.address !== address) {
        const { person } = await api.persons.invite({ name: name.trim(), role: 'guest', address });
        setInvited({ id: person.id, address });
        id = person.id;
      }
      const grant = await api.grants.create({ person_id: id ?? '', ...bodyOf(terms, property.id, zone) });
      return { grant, invitedAt: visitor ? address : undefined };
    },
    after: onDone,
  });
  const shown = (words: string | false | undefined): string | undefined => (tried && words ? words : undefined);
  return (
    <Form
      act={act}
      action={say('give')}
      check={() => {
        setTried(true);
        return faults.length === 0 && Object.values(missing).every((words) => words === false);
      }}
    >
      <Stack gap={6}>
        {mayInvite && (
          <SegmentedControl
            aria-label={say('who')}
            value={visitor ? 'new' : 'known'}
            onChange={(value) => setVisitor(value === 'new')}
            data={[
              { value: 'known', label: say('knownPerson') },
              { value: 'new', label: say('newVisitor') },
            ]}
          />
        )}
        {visitor ? (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NameField
              label={say('visitorName')}
              value={name}
              onChange={setName}
              error={shown(missing.name) ?? act.wrong('name')}
              data-autofocus
            />
            <TextInput
              label={say('visitorContact')}
              description={say('visitorContactWhy')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={contact}
              onChange={(event) => setContact(event.currentTarget.value)}
              error={shown(missing.contact) ?? act.wrong('address')}
              autoComplete="off"
              maxLength={254}
            />
          </SimpleGrid>
        ) : (
          <PersonField
            label={say('person')}
            value={personId}
            onChange={setPersonId}
            nothingFound={say('noPersonFound')}
            error={shown(missing.person) ?? act.wrong('person_id')}
          />
        )}
      </Stack>
      <TermFields
        property={property}
        terms={terms}
        onChange={setTerms}
        faults={tried ? faults : []}
        wrong={act.wrong}
      />
    </Form>
  );
}

function GivenGrant({
  given: { grant, invitedAt },
  onClose,
}: {
  readonly given: Given;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(grantTexts);
  return (
    <Stack gap="md">
      <Alert color="teal" icon={<CheckIcon aria-hidden />} role="status">
        <Text size="sm" fw={550}>
          <PersonName id={grant.person_id} />: <ScopeName scope={grant.scope} propertyId={grant.property_id} />
        </Text>
        <Text size="sm" component="div">
          <GrantWindow grant={grant} />
        </Text>
        {invitedAt !== undefined && <Text size="sm">{say('invited', { address: invitedAt })}</Text>}
      </Alert>
      <Notices notices={grant.notices} />
      {grant.methods.includes('pin') && <GrantPinMaker grantId={grant.id} />}
      <DialogEnd onClose={onClose}>
        <Button component={Link} href={`/grants/${grant.id}`} variant="default">
          {say('seeGrant')}
        </Button>
      </DialogEnd>
    </Stack>
  );
}
