import { useApi, useTexts } from '@cardea/client-ui';
import type { Property, StayImport } from '@cardea/wire-api';
import { Button, FileInput, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { DataTable } from '../parts/data-table.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { fileFormat } from './file-format.ts';
import { STAYS_KEY } from './stays-of.ts';
import { stayTexts } from './texts.ts';

type Line = StayImport['lines'][number];

const TONES: Readonly<Record<Line['result'], Tone>> = {
  added: 'good',
  changed: 'info',
  cancelled: 'info',
  unchanged: 'quiet',
  refused: 'bad',
};

/** Brings reservations of a file: first it is told what would be done, then it is done. */
export function ImportForm({ property }: { readonly property: Property }): ReactNode {
  const api = useApi();
  const say = useTexts(stayTexts);
  const [file, setFile] = useState<File | null>(null);
  const [answer, setAnswer] = useState<StayImport>();
  const act = useAct<boolean, StayImport>({
    inline: true,
    stale: [STAYS_KEY],
    work: async (dryRun) => {
      const text = (await file?.text()) ?? '';
      return api.stays.importFile({
        property_id: property.id,
        format: fileFormat(text),
        file: text,
        dry_run: dryRun,
      });
    },
    after: setAnswer,
  });
  const doable = answer?.dry_run ? answer.lines.filter(({ result }) => result !== 'refused').length : 0;
  return (
    <Stack gap="md">
      <FileInput
        label={say('file')}
        description={say('fileWhy')}
        accept=".csv,.ics,text/csv,text/calendar"
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          setAnswer(undefined);
        }}
        clearable
      />
      <ProblemNote error={act.error} />
      {answer !== undefined && (
        <>
          <Text size="sm" role="status">
            {say(answer.dry_run ? 'wouldBe' : 'wasDone')}
          </Text>
          <Lines lines={answer.lines} />
        </>
      )}
      <Group justify="end" gap="xs">
        <Button
          variant={answer?.dry_run ? 'default' : 'filled'}
          disabled={file === null}
          loading={act.busy}
          onClick={() => void act.run(true)}
        >
          {say('tryFile')}
        </Button>
        {doable > 0 && (
          <Button loading={act.busy} onClick={() => void act.run(false)}>
            {say('applyFile', { count: doable })}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }): ReactNode {
  const say = useTexts(stayTexts);
  return (
    <DataTable
      label={say('file')}
      rows={lines}
      rowKey={({ line }) => String(line)}
      columns={[
        { key: 'line', title: say('line'), cell: ({ line }) => line, sort: ({ line }) => line },
        { key: 'reference', title: say('reference'), cell: ({ reference }) => reference ?? '—' },
        {
          key: 'result',
          title: say('result'),
          cell: ({ result }) => (
            <StateBadge tone={TONES[result]}>{say(result === 'cancelled' ? 'cancelledLine' : result)}</StateBadge>
          ),
          sort: ({ result }) => result,
        },
        {
          key: 'why',
          title: say('why'),
          cell: ({ field, message }) => [field, message].filter((part) => part !== null).join(': ') || '—',
        },
      ]}
    />
  );
}
