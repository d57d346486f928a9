import { formatMoment, useApi, useTexts } from '@cardea/client-ui';
import type { LogReport } from '@cardea/wire-audit';
import { Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Panel } from '../parts/page.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { useZone } from '../shell/property.tsx';
import { readLog } from './check-log.ts';
import { findingWords } from './finding-words.ts';
import { browserStore } from './known-log.ts';
import { createLineFile } from './save-file.ts';
import { auditTexts } from './texts.ts';

interface Outcome {
  readonly report: LogReport;
  /** The name under which it was saved, if it was. */
  readonly file: string | undefined;
}

/** Reads the whole log and verifies it here, as a file for others where that is asked for. */
export function WholeLog(): ReactNode {
  const api = useApi();
  const client = useQueryClient();
  const say = useTexts(auditTexts);
  const [at, setAt] = useState<{ readonly leaves: number; readonly size: number }>();
  const [outcome, setOutcome] = useState<Outcome>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const read = async (save: boolean): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    setError(undefined);
    setOutcome(undefined);
    setAt({ leaves: 0, size: 0 });
    const file = save ? createLineFile() : undefined;
    try {
      const report = await readLog(api, browserStore, {
        signal: controller.signal,
        onProgress: (leaves, size) => setAt({ leaves, size }),
        ...(file !== undefined && { onLine: file.add }),
      });
      const name = file === undefined ? undefined : `cardea-audit-${report.leaves}.ndjson`;
      if (file !== undefined && name !== undefined) file.save(name, 'application/x-ndjson');
      setOutcome({ report, file: name });
      void client.invalidateQueries({ queryKey: ['audit', 'heads'] });
    } catch (problem) {
      if (!controller.signal.aborted) setError(problem);
    } finally {
      if (running.current === controller) {
        running.current = undefined;
        setAt(undefined);
      }
    }
  };
  const busy = at !== undefined;
  return (
    <Panel title={say('whole')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed" maw="48rem">
          {say('wholeWhy')}
        </Text>
        <Group gap="xs">
          <Button variant="default" disabled={busy} onClick={() => void read(false)}>
            {say('readWhole')}
          </Button>
          <Button
            variant="default"
            disabled={busy}
            leftSection={<DownloadIcon aria-hidden />}
            onClick={() => void read(true)}
          >
            {say('export')}
          </Button>
          {busy && (
            <Button variant="subtle" onClick={() => running.current?.abort()}>
              {say('stop')}
            </Button>
          )}
        </Group>
        {at !== undefined && (
          <div>
            <Progress
              value={at.size === 0 ? 0 : (100 * at.leaves) / at.size}
              aria-label={say('checking')}
              animated={at.size === 0}
            />
            <Text size="xs" c="dimmed" mt={4}>
              {at.size === 0 ? say('checking') : say('progress', at)}
            </Text>
          </div>
        )}
        <ProblemNote error={error} />
        {outcome !== undefined && <Report {...outcome} />}
      </Stack>
    </Panel>
  );
}

function Report({ report, file }: Outcome): ReactNode {
  const say = useTexts(auditTexts);
  const zone = useZone();
  const { ok, leaves, heads, seen, findings, restores } = report;
  return (
    <div role="status">
      <StateBadge tone={ok ? 'good' : 'bad'}>{say(ok ? 'good' : 'bad')}</StateBadge>{' '}
      {ok && (
        <Text span size="sm">
          {say('wholeGood', { leaves, heads, seen })}
        </Text>
      )}
      {findings.length > 0 && (
        <List size="sm" mt="xs">
          {findings.map((finding) => (
            <List.Item key={JSON.stringify(finding)}>{findingWords(finding)}</List.Item>
          ))}
        </List>
      )}
      {restores.map(({ number, time, gone }) => (
        <Text key={number} size="sm" mt="xs">
          {say('restored', { at: formatMoment(new Date(time).toISOString(), zone), count: gone })}
        </Text>
      ))}
      {file !== undefined && (
        <Text size="sm" mt="xs">
          {say(ok ? 'exported' : 'exportedBad', { name: file })}
        </Text>
      )}
    </div>
  );
}
