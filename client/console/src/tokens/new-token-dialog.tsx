import { useApi, useTexts } from '@cardea/client-ui';
import type { CreatedToken, Scope } from '@cardea/wire-api';
import { Button, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { CopyLine } from '../parts/copy-line.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { useMe } from '../session/session.tsx';
import { tokenTexts, useScopeWords } from './texts.ts';
import { TOKENS_KEY } from './tokens-key.ts';

const DAY_S = 86_400;
/** How long a token may be good, days; the server takes 366 at most. */
const LIFETIMES_DAYS = [7, 30, 90, 365] as const;
const USUAL_DAYS = 90;

/** Makes a token, then shows it this once. */
export function NewTokenDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const say = useTexts(tokenTexts);
  const [created, setCreated] = useState<CreatedToken>();
  return (
    <Dialog title={created?.token.name ?? say('make')} size="lg" kept={created !== undefined} onClose={onClose}>
      {created === undefined ? (
        <NewTokenForm onCreated={setCreated} />
      ) : (
        <Stack>
          <Text size="sm">{say('secretWhy')}</Text>
          <CopyLine text={created.secret} />
          <Group justify="end">
            <Button onClick={onClose}>{say('kept')}</Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

function NewTokenForm({ onCreated }: { readonly onCreated: (created: CreatedToken) => void }): ReactNode {
  const api = useApi();
  const { scopes: own } = useMe();
  const say = useTexts(tokenTexts);
  const sayScope = useScopeWords();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [days, setDays] = useState<number>(USUAL_DAYS);
  // In the order in which the server names them; a program that makes tokens could outlive its own end by them.
  const offered = own.filter((scope): scope is Scope => scope !== 'tokens:write');
  const making = useAct({
    inline: true,
    fields: ['name', 'scopes'],
    stale: [TOKENS_KEY],
    work: () =>
      api.tokens.create({
        name: name.trim(),
        scopes: offered.filter((scope) => chosen.includes(scope)),
        expires_in_s: days * DAY_S,
      }),
    after: onCreated,
  });
  return (
    <Form act={making} action={say('make')} ready={name.trim() !== '' && chosen.length > 0}>
      <NameField
        label={say('name')}
        description={say('nameHint')}
        value={name}
        onChange={setName}
        error={making.wrong('name')}
        data-autofocus
        required
        withAsterisk={false}
      />
      <Checkbox.Group
        label={say('scopes')}
        description={say('scopesHint')}
        value={[...chosen]}
        onChange={setChosen}
        error={making.wrong('scopes')}
      >
        <Stack gap={6} mt="xs">
          {offered.map((scope) => (
            <Checkbox key={scope} value={scope} label={sayScope(scope)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <NativeSelect
        label={say('lasts')}
        value={String(days)}
        onChange={(event) => setDays(Number(event.currentTarget.value))}
        data={LIFETIMES_DAYS.map((count) => ({ value: String(count), label: say('days', { count }) }))}
      />
    </Form>
  );
}
