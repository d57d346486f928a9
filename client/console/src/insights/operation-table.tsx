import { useTexts } from '@cardea/client-ui';
import type { Statistics } from '@cardea/wire-api';
import type { ReactNode } from 'react';
import { DataTable } from '../parts/data-table.tsx';
import { formatDuration, formatNumber, percentOf, type SayInsight } from './figures.ts';
import { insightTexts } from './texts.ts';

type Operation = Statistics['commands'][number];

const NAMED = [
  'unlock',
  'lock',
  'status',
  'override',
  'set_time',
  'set_normal',
  'set_passage',
  'set_lockdown',
  'bind',
  'unbind',
] as const satisfies readonly Parameters<SayInsight>[0][];

/** Each command with how it ended and how long it took. */
export function OperationTable({ commands }: { readonly commands: readonly Operation[] }): ReactNode {
  const say = useTexts(insightTexts);
  const share = (part: (one: Operation) => number) => (one: Operation) =>
    `${formatNumber(part(one))} (${percentOf(part(one), one.total)} %)`;
  return (
    <DataTable
      label={say('commands')}
      rows={commands}
      rowKey={({ operation }) => operation}
      columns={[
        { key: 'operation', title: say('operation'), cell: ({ operation }) => operationName(say, operation) },
        { key: 'total', title: say('total'), cell: ({ total }) => formatNumber(total), sort: ({ total }) => total },
        { key: 'succeeded', title: say('succeeded'), cell: share(({ succeeded }) => succeeded) },
        { key: 'failed', title: say('failed'), cell: share(({ failed }) => failed) },
        { key: 'expired', title: say('expired'), cell: share(({ expired }) => expired) },
        { key: 'p50', title: say('median'), cell: ({ p50_ms: ms }) => formatDuration(say, ms), sort: (o) => o.p50_ms },
        { key: 'p95', title: say('p95'), cell: ({ p95_ms: ms }) => formatDuration(say, ms), sort: (o) => o.p95_ms },
      ]}
    />
  );
}

/** The word for a command; one that is not known is said as it is. */
export function operationName(say: SayInsight, operation: string): string {
  const named = NAMED.find((one) => one === operation);
  return named === undefined ? operation : say(named);
}
