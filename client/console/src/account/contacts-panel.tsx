import { useApi, useTexts } from '@cardea/client-ui';
import type { Contact } from '@cardea/wire-api';
import { Button, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { CodeField } from '../parts/code-field.tsx';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { Panel } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { accountPageTexts } from './account-page-texts.ts';

const CONTACTS_KEY = ['me', 'contacts'] as const;

/** The addresses that were proved: one signs in by each, and codes are sent to them. */
export function ContactsPanel(): ReactNode {
  const api = useApi();
  const say = useTexts(accountPageTexts);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<Contact>();
  const contacts = useQuery({ queryKey: CONTACTS_KEY, queryFn: ({ signal }) => api.own.contacts({ signal }) });
  const removing = useAct<Contact>({
    inline: true,
    stale: [CONTACTS_KEY],
    work: ({ id }) => api.own.removeContact(id),
    done: say('addressRemoved'),
    after: () => setAsked(undefined),
  });
  return (
    <Loaded query={contacts}>
      {(all) => (
        <Panel
          title={say('addresses')}
          padded={false}
          actions={
            <Button variant="default" onClick={() => setAdding(true)}>
              {say('addAddress')}
            </Button>
          }
        >
          {all.length === 0 ? (
            <Empty title={say('noAddresses')}>{say('addressesWhy')}</Empty>
          ) : (
            <DataTable
              label={say('addresses')}
              rows={all}
              rowKey={({ id }) => id}
              columns={[
                {
                  key: 'address',
                  title: say('emailOrPhone'),
                  cell: ({ address }) => address,
                  sort: ({ address }) => address,
                },
                {
                  key: 'proved',
                  title: say('proved'),
                  cell: ({ verified_at: at }) => <When at={at} />,
                  sort: ({ verified_at: at }) => at,
                },
              ]}
              actions={(contact) => (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={say('removeNamed', { name: contact.address })}
                  onClick={() => setAsked(contact)}
                >
                  {say('remove')}
                </Button>
              )}
            />
          )}
          <ConfirmDialog
            opened={asked !== undefined}
            title={say('removeAddress')}
            action={say('removeAddress')}
            act={removing}
            onConfirm={() => asked !== undefined && void removing.run(asked)}
            onClose={() => {
              removing.reset();
              setAsked(undefined);
            }}
          >
            <Text size="sm">{say('removeAddressWhy', { address: asked?.address ?? '' })}</Text>
          </ConfirmDialog>
          {adding && (
            <Dialog title={say('addAddress')} onClose={() => setAdding(false)}>
              <AddContact onAdded={() => setAdding(false)} />
            </Dialog>
          )}
        </Panel>
      )}
    </Loaded>
  );
}

/** Asks for an address, then for the code that was sent to it. */
function AddContact({ onAdded }: { readonly onAdded: () => void }): ReactNode {
  const api = useApi();
  const say = useTexts(accountPageTexts);
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [verificationId, setVerificationId] = useState<string>();
  const asking = useAct({
    inline: true,
    fields: ['address'],
    work: () => api.own.addContact(address.trim()),
    after: ({ verification_id: id }) => setVerificationId(id),
  });
  const proving = useAct({
    inline: true,
    fields: ['code'],
    stale: [CONTACTS_KEY],
    work: async () => {
      if (verificationId !== undefined) await api.registration.confirm(verificationId, code.trim());
    },
    done: say('addressAdded'),
    after: onAdded,
  });
  if (verificationId === undefined) {
    return (
      <Form act={asking} action={say('sendCode')}>
        <TextInput
          label={say('emailOrPhone')}
          description={say('emailOrPhoneHint')}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          error={asking.wrong('address')}
          autoComplete="email"
          data-autofocus
          required
          withAsterisk={false}
        />
      </Form>
    );
  }
  return (
    <Form act={proving} action={say('proveAddress')}>
      <CodeField
        key="code"
        label={say('code')}
        description={say('codeSent', { address: address.trim() })}
        value={code}
        onChange={setCode}
        error={proving.wrong('code')}
        autoFocus
      />
    </Form>
  );
}
