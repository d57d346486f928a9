import { ApiProblem } from '@cardea/client-sdk';
import { useApi, useTexts } from '@cardea/client-ui';
import type { Role } from '@cardea/wire-api';
import { Alert, Radio, Select, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { useMe } from '../session/session.tsx';
import { browserRandom, makeFirstPassword } from './first-password.ts';
import { codeInOutbox, invitationLink } from './invitation-link.ts';
import { type Invited, InvitedView } from './invited-view.tsx';
import { PERSONS_KEY } from './persons-key.ts';
import { rolesToGive } from './role-choice.ts';
import { inviteTexts, roleMeaningTexts, roleTexts } from './texts.ts';

type Way = 'code' | 'password';

/** Makes an account for somebody: by an invitation that is sent, or a first password that is handed over. Then what came of it. */
export function InviteForm({ usual }: { readonly usual: Role }): ReactNode {
  const [invited, setInvited] = useState<Invited>();
  return invited === undefined ? (
    <Fields usual={usual} onInvited={setInvited} />
  ) : (
    <InvitedView invited={invited} onAnother={() => setInvited(undefined)} />
  );
}

function Fields({
  usual,
  onInvited,
}: {
  readonly usual: Role;
  readonly onInvited: (invited: Invited) => void;
}): ReactNode {
  const api = useApi();
  const me = useMe();
  const say = useTexts(inviteTexts);
  const sayRole = useTexts(roleTexts);
  const sayMeaning = useTexts(roleMeaningTexts);
  const [way, setWay] = useState<Way>('code');
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [role, setRole] = useState(usual);
  const roles = rolesToGive(me.role);
  const act = useAct<void, Invited>({
    inline: true,
    fields: ['name', 'address', 'email', 'role', 'password'],
    stale: [PERSONS_KEY],
    work: async () => {
      const who = { name: name.trim(), role };
      if (way === 'password') {
        const password = makeFirstPassword(browserRandom);
        const person = await api.persons.add({ ...who, email: address.trim(), password });
        return { way, person, password };
      }
      const { person, verification_id, expires_at } = await api.persons.invite({ ...who, address: address.trim() });
      return { way, person, until: expires_at, link: me.demo ? await demoLink(verification_id) : undefined };
    },
    after: onInvited,
  });
  /** The way on where nothing is sent: the account is there whether or not this works. */
  const demoLink = async (verificationId: string): Promise<string | undefined> => {
    const code = codeInOutbox(await api.outbox().catch(() => []), verificationId);
    return code === undefined ? undefined : invitationLink(location.origin, verificationId, code);
  };
  const noWay = act.error instanceof ApiProblem && act.error.code === 'unavailable' && way === 'code';
  return (
    <Form
      act={{ ...act, error: noWay ? undefined : act.error }}
      action={say(way === 'code' ? 'invite' : 'add')}
      ready={name.trim() !== '' && address.trim() !== ''}
    >
      <NameField label={say('name')} value={name} onChange={setName} error={act.wrong('name')} />
      <Select
        label={say('role')}
        description={sayMeaning(role)}
        data={roles.map((one) => ({ value: one, label: sayRole(one) }))}
        value={role}
        onChange={(chosen) => setRole(roles.find((one) => one === chosen) ?? usual)}
        error={act.wrong('role')}
        allowDeselect={false}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <TextInput
        label={say(way === 'code' ? 'address' : 'email')}
        description={way === 'code' ? say('addressWhy') : undefined}
        type={way === 'code' ? 'text' : 'email'}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
        error={act.wrong('address') ?? act.wrong('email')}
        autoComplete="off"
        maxLength={254}
      />
      <Radio.Group
        label={say('way')}
        value={way}
        onChange={(chosen) => setWay(chosen === 'password' ? 'password' : 'code')}
      >
        <Stack gap={6} mt={4}>
          <Radio value="code" label={say('byCode')} />
          <Radio value="password" label={say('byPassword')} />
        </Stack>
      </Radio.Group>
      {way === 'password' && (
        <Text size="sm" c="dimmed">
          {say('byPasswordWhy')}
        </Text>
      )}
      {noWay && (
        <Alert color="yellow" role="alert">
          {say('noWay')}
        </Alert>
      )}
    </Form>
  );
}
