import { useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { ScopeName } from '../grants/scope-name.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { PersonName } from '../parts/names.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { Empty } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import type { GridRow } from './access-grid.tsx';
import type { Bar } from './rows.ts';
import { calendarTexts } from './texts.ts';

/** The same as the grid as a list: each access of each row. */
export function AccessTable({
  rows,
  rowTitle,
  byPerson,
}: {
  readonly rows: readonly GridRow[];
  readonly rowTitle: string;
  readonly byPerson: boolean;
}): ReactNode {
  const say = useTexts(calendarTexts);
  const all = rows.flatMap((row) => row.bars.map((bar) => ({ row, bar })));
  if (all.length === 0) return <Empty title={say('none')}>{say('noneWhy')}</Empty>;
  return (
    <Panel padded={false}>
      <DataTable
        label={rowTitle}
        rows={all}
        rowKey={({ row, bar }) => `${row.id} ${bar.key}`}
        columns={[
          {
            key: 'row',
            title: rowTitle,
            cell: ({ row }) => <PageLink to={row.href}>{row.name}</PageLink>,
            sort: ({ row }) => row.name,
          },
          {
            key: 'other',
            title: say(byPerson ? 'door' : 'person'),
            cell: ({ bar }) => (byPerson ? <BarDoors bar={bar} /> : <PersonName id={bar.personId} />),
          },
          {
            key: 'from',
            title: say('from'),
            cell: ({ bar }) => <When at={new Date(bar.fromMs).toISOString()} />,
            sort: ({ bar }) => bar.fromMs,
          },
          {
            key: 'until',
            title: say('until'),
            cell: ({ bar }) =>
              bar.untilMs === null ? say('untilRevoked') : <When at={new Date(bar.untilMs).toISOString()} />,
            sort: ({ bar }) => bar.untilMs,
          },
          { key: 'schedule', title: say('schedule'), cell: ({ bar }) => bar.schedule?.name ?? say('always') },
          { key: 'kind', title: say('kind'), cell: ({ bar }) => <BarKind bar={bar} />, sort: ({ bar }) => bar.kind },
        ]}
      />
    </Panel>
  );
}

/** What kind of access it is, as a link to the grant where there is one. */
export function BarKind({ bar: { kind, grant } }: { readonly bar: Bar }): ReactNode {
  const say = useTexts(calendarTexts);
  if (grant === undefined) return say(kind);
  return <PageLink to={`/grants/${grant.id}`}>{say(kind)}</PageLink>;
}

function BarDoors({ bar: { grant } }: { readonly bar: Bar }): ReactNode {
  return grant === undefined ? '—' : <ScopeName scope={grant.scope} propertyId={grant.property_id} />;
}
