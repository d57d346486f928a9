import { useApi, useTexts } from '@cardea/client-ui';
import { Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { Panel } from '../parts/page.tsx';
import { usePagesOf } from '../parts/pages-of.ts';
import { Empty, Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { auditTexts } from './texts.ts';

/** The signed heads as the server keeps them, the newest first, and who outside has them. */
export function HeadList(): ReactNode {
  const api = useApi();
  const say = useTexts(auditTexts);
  const heads = usePagesOf(['audit', 'heads'], (cursor, signal) =>
    api.audit.heads.page({ order: 'newest_first', limit: 10, ...(cursor !== undefined && { cursor }) }, { signal }),
  );
  return (
    <Panel title={say('heads')} padded={false}>
      <Text size="sm" c="dimmed" px="md" pb="xs">
        {say('headsWhy')}
      </Text>
      <Loaded query={heads}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={say('noHeads')} />
          ) : (
            <DataTable
              label={say('heads')}
              rows={all}
              rowKey={({ id }) => id}
              more={heads.more}
              columns={[
                { key: 'leaves', title: say('leaves'), cell: ({ size }) => size },
                { key: 'signed', title: say('signed'), cell: ({ signed_at: at }) => <When at={at} seconds /> },
                { key: 'root', title: say('root'), cell: ({ root }) => <Code>{root}</Code> },
                {
                  key: 'witnessed',
                  title: say('witnessed'),
                  cell: ({ witnessed }) =>
                    witnessed.length === 0 ? say('notWitnessed') : witnessed.map(({ witness }) => witness).join(', '),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
