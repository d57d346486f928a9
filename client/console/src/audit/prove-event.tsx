import { eventWords, useApi, useTexts } from '@cardea/client-ui';
import { encodeProof } from '@cardea/wire-audit';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import { useAct } from '../parts/act.ts';
import { Facts } from '../parts/facts.tsx';
import { Panel } from '../parts/page.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { When } from '../parts/when.tsx';
import { type ProvedEvent, proveEvent } from './check-log.ts';
import { browserStore } from './known-log.ts';
import { saveBlob } from './save-file.ts';
import { auditTexts } from './texts.ts';

/** Proves that one event is in the log: the one that the address names (`?event=`), or one that is written. */
export function ProveEvent(): ReactNode {
  const api = useApi();
  const say = useTexts(auditTexts);
  const named = new URLSearchParams(useSearch()).get('event') ?? '';
  const [id, setId] = useState(named);
  const [proved, setProved] = useState<ProvedEvent>();
  const act = useAct<string, ProvedEvent>({
    inline: true,
    work: (eventId) => proveEvent(api, browserStore, eventId),
    after: setProved,
  });
  const begun = useRef('');
  useEffect(() => {
    if (named === '' || begun.current === named) return;
    begun.current = named;
    setId(named);
    void act.run(named);
  }, [named, act]);
  return (
    <Panel title={say('one')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {say('oneWhy')}
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setProved(undefined);
            if (id.trim() !== '' && !act.busy) void act.run(id.trim());
          }}
        >
          <Group align="end" gap="xs">
            <TextInput
              label={say('eventId')}
              value={id}
              onChange={(event) => setId(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              w="min(100%, 26rem)"
            />
            <Button type="submit" variant="default" loading={act.busy} disabled={id.trim() === ''}>
              {say('prove')}
            </Button>
          </Group>
        </form>
        <ProblemNote error={act.error} />
        {proved !== undefined && act.error === undefined && <Shown proved={proved} />}
      </Stack>
    </Panel>
  );
}

function Shown({ proved: { proof, report, otherEvent } }: { readonly proved: ProvedEvent }): ReactNode {
  const say = useTexts(auditTexts);
  if (!report.ok || otherEvent) {
    return (
      <div role="status">
        <StateBadge tone="bad">{say('bad')}</StateBadge>{' '}
        <Text span size="sm">
          {report.ok ? say('otherEvent') : say(`why_${report.why}`)}
        </Text>
      </div>
    );
  }
  const { leaf, head } = report;
  const told = proof.opening === null ? [] : Object.entries({ ...proof.opening.about, ...proof.opening.detail });
  return (
    <div role="status">
      <StateBadge tone="good">{say('good')}</StateBadge>{' '}
      <Text span size="sm">
        {say('proved', { number: proof.number, size: proof.size })}
      </Text>
      <Stack gap="sm" mt="sm" align="start">
        <Facts
          facts={[
            { name: say('type'), value: `${eventWords({ type: leaf.type, detail: {} }).title} (${leaf.type})` },
            { name: say('recorded'), value: <When at={new Date(leaf.receivedAt).toISOString()} seconds /> },
            { name: say('underHead'), value: <When at={new Date(head.time).toISOString()} seconds /> },
            ...told.filter(([, value]) => value !== null).map(([name, value]) => ({ name, value: String(value) })),
          ]}
        />
        {proof.opening === null && (
          <Text size="sm" c="dimmed">
            {say('closed')}
          </Text>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            saveBlob(new Blob([encodeProof(proof)], { type: 'application/json' }), `cardea-proof-${proof.number}.json`)
          }
        >
          {say('saveProof')}
        </Button>
      </Stack>
    </div>
  );
}
