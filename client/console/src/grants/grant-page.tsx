import { useApi, useTexts } from '@cardea/client-ui';
import { Alert, Button, Text } from '@mantine/core';
import { InfoCircledIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useParams } from 'wouter';
import { useFreshBy } from '../live/use-fresh-by.ts';
import { usePersonName } from '../parts/names.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { partTexts } from '../parts/texts.ts';
import { useScopes } from '../session/session.tsx';
import { useProperties } from '../shell/property.tsx';
import { ChangeGrantDialog } from './change-grant.tsx';
import { GrantFacts } from './grant-facts.tsx';
import { GrantMethods } from './grant-methods.tsx';
import { GrantPins } from './grant-pins.tsx';
import { GRANTS_KEY, methodsKey, type ReadGrant } from './keys.ts';
import { useRevoking } from './revoke-grant.tsx';
import { grantTexts } from './texts.ts';

/** A phone fetched keys or was lost, a PIN was made or removed, a lock has said what it knows now. */
const TOUCHES_METHODS = /^(?:grant\.|pin\.|phone\.|lock\.(?:order_taken|access_changed|generation_raised|bound|reset))/;

/** One grant: what it allows, how it stands at its locks, its PINs; changing and revoking it. */
export function GrantPage(): ReactNode {
  const { id = '' } = useParams<{ id: string }>();
  return <OneGrant key={id} id={id} />;
}

function OneGrant({ id }: { readonly id: string }): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const read = useQuery({
    queryKey: [...GRANTS_KEY, 'one', id],
    queryFn: async ({ signal }): Promise<ReadGrant> => {
      let etag = '';
      const grant = await api.grants.get(id, { signal, onEtag: (told) => (etag = told) });
      return { grant, etag };
    },
  });
  const nameOf = usePersonName(read.data?.grant.person_id);
  useFreshBy([...GRANTS_KEY, 'one', id], ({ type }) => /^(?:grant|attempt)\./.test(type));
  useFreshBy(methodsKey(id), ({ type }) => TOUCHES_METHODS.test(type));
  const title = nameOf === undefined ? say('unknownPerson') : say('of', { person: nameOf });
  if (read.data !== undefined) return <Shown title={title} {...read.data} readAnew={read.refetch} />;
  return (
    <Page title={title}>
      <Loaded query={read}>{() => null}</Loaded>
    </Page>
  );
}

function Shown({
  title,
  grant,
  etag,
  readAnew,
}: ReadGrant & { readonly title: string; readonly readAnew: () => Promise<unknown> }): ReactNode {
  const say = useTexts(grantTexts);
  const sayParts = useTexts(partTexts);
  const mayWrite = useScopes()('grants:write');
  const { all } = useProperties();
  const revoking = useRevoking();
  const [changing, setChanging] = useState(false);
  const [overtaken, setOvertaken] = useState(false);
  const property = all.find(({ id }) => id === grant.property_id);
  const active = grant.state === 'active';
  return (
    <Page
      title={title}
      actions={
        mayWrite &&
        (active ? (
          <>
            {property !== undefined && (
              <Button
                variant="default"
                onClick={() => {
                  setOvertaken(false);
                  // What is changed is what is there now, not what was there when the page was opened.
                  void readAnew().then(() => setChanging(true));
                }}
              >
                {say('change')}
              </Button>
            )}
            <Button color="red.9" onClick={() => revoking.ask(grant)}>
              {say('revoke')}
            </Button>
          </>
        ) : (
          grant.state === 'revoked' && (
            <Button variant="default" onClick={() => revoking.look(grant)}>
              {say('endings')}
            </Button>
          )
        ))
      }
    >
      {overtaken && (
        <Alert
          color="yellow"
          icon={<InfoCircledIcon />}
          role="alert"
          mb="md"
          withCloseButton
          closeButtonLabel={sayParts('close')}
          onClose={() => setOvertaken(false)}
        >
          <Text size="sm">{say('changedMeanwhile')}</Text>
        </Alert>
      )}
      <Panel title={say('terms')}>
        <GrantFacts grant={grant} />
      </Panel>
      <GrantMethods grant={grant} />
      {active && grant.methods.includes('pin') && mayWrite && <GrantPins grant={grant} />}
      {changing && property !== undefined && (
        <ChangeGrantDialog
          read={{ grant, etag }}
          property={property}
          onClose={() => setChanging(false)}
          onOvertaken={() => {
            setChanging(false);
            setOvertaken(true);
          }}
        />
      )}
      {revoking.dialogs}
    </Page>
  );
}
