import { useApi, useTexts } from '@cardea/client-ui';
import type { Passkey, SecondFactors } from '@cardea/wire-api';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Panel } from '../parts/page.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { accountPageTexts } from './account-page-texts.ts';
import { AddPasskey } from './add-passkey.tsx';
import { AddTotp } from './add-totp.tsx';
import { ProveDialog } from './prove-dialog.tsx';
import { RecoveryCodeList } from './recovery-codes.tsx';
import { accountTexts } from './texts.ts';

/** Query key of the own second factors, which the gate before all pages reads as well. */
const FACTORS_KEY = ['me', 'second-factors'] as const;

/** What is being done, each in a dialog. */
type Task =
  | { readonly kind: 'add_totp' | 'add_passkey' | 'remove_totp' | 'renew_codes' }
  | { readonly kind: 'remove_passkey'; readonly passkey: Passkey }
  | { readonly kind: 'codes'; readonly codes: readonly string[] };

/** The second factors: authenticator, passkeys, and the recovery codes for when they are not at hand. */
export function SecondFactorsPanel(): ReactNode {
  const api = useApi();
  const say = useTexts(accountPageTexts);
  const queries = useQueryClient();
  const [task, setTask] = useState<Task>();
  const factors = useQuery({ queryKey: FACTORS_KEY, queryFn: ({ signal }) => api.own.secondFactors({ signal }) });
  const close = (): void => setTask(undefined);
  const added = (codes: readonly string[]): void => {
    void queries.invalidateQueries({ queryKey: FACTORS_KEY });
    // Recovery codes come with the first second factor alone.
    setTask(codes.length === 0 ? undefined : { kind: 'codes', codes });
  };
  return (
    <Panel title={say('secondFactors')}>
      <Loaded query={factors}>{(known) => <Factors known={known} onTask={setTask} />}</Loaded>
      {task !== undefined && <TaskDialog task={task} onAdded={added} onClose={close} />}
    </Panel>
  );
}

function Factors({
  known: { totp, passkeys, recovery_codes_left: left, required },
  onTask,
}: {
  readonly known: SecondFactors;
  readonly onTask: (task: Task) => void;
}): ReactNode {
  const say = useTexts(accountPageTexts);
  const sayAccount = useTexts(accountTexts);
  const any = totp || passkeys.length > 0;
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed" maw="44rem">
        {say(required ? 'factorsRequired' : 'factorsWhy')}
      </Text>
      <Factor
        title={sayAccount('authenticator')}
        why={sayAccount('authenticatorWhy')}
        state={<StateBadge tone={totp ? 'good' : 'quiet'}>{say(totp ? 'isSet' : 'isNotSet')}</StateBadge>}
        action={
          totp ? (
            <Button variant="default" onClick={() => onTask({ kind: 'remove_totp' })}>
              {say('removeTotp')}
            </Button>
          ) : (
            <Button variant="default" onClick={() => onTask({ kind: 'add_totp' })}>
              {say('addTotp')}
            </Button>
          )
        }
      />
      <div>
        <Factor
          title={say('passkeys')}
          why={sayAccount('passkeyWhy')}
          state={passkeys.length === 0 && <StateBadge tone="quiet">{say('isNotSet')}</StateBadge>}
          action={
            <Button variant="default" onClick={() => onTask({ kind: 'add_passkey' })}>
              {say('addPasskey')}
            </Button>
          }
        />
        {passkeys.length > 0 && (
          <DataTable
            label={say('passkeys')}
            rows={passkeys}
            rowKey={({ id }) => id}
            columns={[
              { key: 'name', title: say('name'), cell: ({ name }) => name, sort: ({ name }) => name },
              {
                key: 'added',
                title: say('added'),
                cell: ({ created_at: at }) => <When at={at} />,
                sort: ({ created_at: at }) => at,
              },
              {
                key: 'used',
                title: say('lastUsed'),
                cell: ({ last_used_at: at }) => <When at={at} distance />,
                sort: ({ last_used_at: at }) => at,
              },
            ]}
            actions={(passkey) => (
              <Button
                size="xs"
                variant="default"
                aria-label={say('removeNamed', { name: passkey.name })}
                onClick={() => onTask({ kind: 'remove_passkey', passkey })}
              >
                {say('remove')}
              </Button>
            )}
          />
        )}
      </div>
      {any && (
        <Factor
          title={sayAccount('recoveryCodes')}
          why={say('codesWhy')}
          state={<StateBadge tone={left > 2 ? 'good' : 'warn'}>{say('codesLeft', { count: left })}</StateBadge>}
          action={
            <Button variant="default" onClick={() => onTask({ kind: 'renew_codes' })}>
              {say('renewCodes')}
            </Button>
          }
        />
      )}
    </Stack>
  );
}

function Factor({
  title,
  why,
  state,
  action,
}: {
  readonly title: string;
  readonly why: string;
  readonly state: ReactNode;
  readonly action: ReactNode;
}): ReactNode {
  return (
    <Group justify="space-between" align="start" gap="sm">
      <div>
        <Group gap="sm">
          <Title order={3} size="h4">
            {title}
          </Title>
          {state}
        </Group>
        <Text size="sm" c="dimmed" maw="36rem">
          {why}
        </Text>
      </div>
      {action}
    </Group>
  );
}

function TaskDialog({
  task,
  onAdded,
  onClose,
}: {
  readonly task: Task;
  readonly onAdded: (recoveryCodes: readonly string[]) => void;
  readonly onClose: () => void;
}): ReactNode {
  const say = useTexts(accountPageTexts);
  const sayAccount = useTexts(accountTexts);
  const common = { grave: true, stale: [FACTORS_KEY], onDone: onClose, onClose };
  switch (task.kind) {
    case 'add_totp':
      return (
        <Dialog title={say('addTotp')} onClose={onClose}>
          <AddTotp onAdded={onAdded} />
        </Dialog>
      );
    case 'add_passkey':
      return (
        <Dialog title={say('addPasskey')} onClose={onClose}>
          <AddPasskey onAdded={onAdded} />
        </Dialog>
      );
    case 'codes':
      return (
        <Dialog title={sayAccount('recoveryCodes')} kept onClose={onClose}>
          <RecoveryCodeList codes={task.codes} onKept={onClose} />
        </Dialog>
      );
    case 'renew_codes':
      return (
        <ProveDialog
          title={say('renewCodes')}
          why={say('renewCodesWhy')}
          action={say('renewCodes')}
          work={(api, password) => api.own.renewRecoveryCodes(password)}
          stale={[FACTORS_KEY]}
          onDone={({ recovery_codes: codes }) => onAdded(codes)}
          onClose={onClose}
        />
      );
    case 'remove_totp':
      return (
        <ProveDialog
          {...common}
          title={say('removeTotp')}
          why={say('removeTotpWhy')}
          action={say('removeTotp')}
          work={(api, password) => api.own.removeTotp(password)}
          done={say('totpRemoved')}
        />
      );
    case 'remove_passkey':
      return (
        <ProveDialog
          {...common}
          title={say('removeNamed', { name: task.passkey.name })}
          why={say('removePasskeyWhy')}
          action={say('removePasskey')}
          work={(api, password) => api.own.removePasskey(task.passkey.id, password)}
          done={say('passkeyRemoved')}
        />
      );
  }
}
