import { useApi, useTexts } from '@cardea/client-ui';
import type { Token } from '@cardea/wire-api';
import { Button, Text } from '@mantine/core';
import { PlusIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { pageTexts } from '../page-texts.ts';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { NewTokenDialog } from './new-token-dialog.tsx';
import { tokenTexts, useScopeWords } from './texts.ts';
import { TOKENS_KEY } from './tokens-key.ts';

/** The own API tokens: for programs, each with what it may do and its end. */
export function TokensPage(): ReactNode {
  const api = useApi();
  const say = useTexts(tokenTexts);
  const sayPage = useTexts(pageTexts);
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<Token>();
  const tokens = useQuery({
    queryKey: TOKENS_KEY,
    queryFn: async ({ signal }) => (await api.tokens.list({ signal })).filter(({ kind }) => kind === 'api'),
  });
  const revoking = useAct<Token>({
    inline: true,
    stale: [TOKENS_KEY],
    work: ({ id }) => api.tokens.remove(id),
    done: say('revoked'),
    after: () => setAsked(undefined),
  });
  return (
    <Page
      title={sayPage('tokens')}
      lead={say('lead')}
      actions={
        <Button leftSection={<PlusIcon aria-hidden />} onClick={() => setMaking(true)}>
          {say('make')}
        </Button>
      }
    >
      <Loaded query={tokens}>
        {(all) => (
          <Panel padded={false}>
            {all.length === 0 ? (
              <Empty title={say('none')}>{say('noneWhy')}</Empty>
            ) : (
              <TokenTable tokens={all} onRevoke={setAsked} />
            )}
          </Panel>
        )}
      </Loaded>
      <ConfirmDialog
        opened={asked !== undefined}
        title={say('revokeToken')}
        action={say('revokeToken')}
        act={revoking}
        onConfirm={() => asked !== undefined && void revoking.run(asked)}
        onClose={() => {
          revoking.reset();
          setAsked(undefined);
        }}
      >
        <Text size="sm">{say('revokeWhy', { name: asked?.name ?? '' })}</Text>
      </ConfirmDialog>
      {making && <NewTokenDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

function TokenTable({
  tokens,
  onRevoke,
}: {
  readonly tokens: readonly Token[];
  readonly onRevoke: (token: Token) => void;
}): ReactNode {
  const say = useTexts(tokenTexts);
  return (
    <DataTable
      label={say('secret')}
      rows={tokens}
      rowKey={({ id }) => id}
      columns={[
        { key: 'name', title: say('name'), cell: ({ name }) => name, sort: ({ name }) => name },
        { key: 'scopes', title: say('scopes'), cell: ({ scopes }) => <Scopes scopes={scopes} /> },
        {
          key: 'made',
          title: say('made'),
          cell: ({ created_at: at }) => <When at={at} />,
          sort: (token) => token.created_at,
        },
        {
          key: 'ends',
          title: say('ends'),
          cell: ({ expires_at: at }) => <When at={at} />,
          sort: (token) => token.expires_at,
        },
      ]}
      actions={(token) => (
        <Button
          size="xs"
          variant="default"
          aria-label={say('revokeNamed', { name: token.name })}
          onClick={() => onRevoke(token)}
        >
          {say('revoke')}
        </Button>
      )}
    />
  );
}

/** Few rights in words; many as their number, which opens to the words. */
function Scopes({ scopes }: Pick<Token, 'scopes'>): ReactNode {
  const say = useTexts(tokenTexts);
  const sayScope = useScopeWords();
  const words = scopes.map((scope) => sayScope(scope));
  if (words.length <= 2) return words.join(' · ');
  return (
    <details>
      <summary>{say('every', { count: words.length })}</summary>
      <Text size="sm" component="span" style={{ whiteSpace: 'pre-line' }}>
        {words.join('\n')}
      </Text>
    </details>
  );
}
