import { type Texts, useTexts } from '@cardea/client-ui';
import type { Finding } from '@cardea/wire-api';
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { PageLink } from '../parts/page-link.tsx';
import { StateBadge, type Tone } from '../parts/state-badge.tsx';
import { pathOf, pathOfSubject } from './places.ts';
import { checkupTexts, findingTexts, placeTexts } from './texts.ts';

const TONES: Readonly<Record<Finding['level'], Tone>> = { warning: 'bad', advice: 'warn', ok: 'good' };
/** So many of those that it is about are named. */
const NAMED = 8;

/** One finding: what it is, about whom or what, and the way to where something is done about it. */
export function FindingCard({ finding }: { readonly finding: Finding }): ReactNode {
  const say = useTexts(checkupTexts);
  const { level, subjects, where, values } = finding;
  const path = pathOf(where);
  const left = (values.count ?? subjects.length) - Math.min(NAMED, subjects.length);
  return (
    <Group component="li" justify="space-between" align="start" gap="sm" className="finding">
      <Stack gap={4} className="finding-body">
        <Group gap="xs" wrap="nowrap" align="start">
          <StateBadge tone={TONES[level]}>{say(level)}</StateBadge>
          <Text size="sm">
            <FindingWords finding={finding} />
          </Text>
        </Group>
        {subjects.length > 0 && (
          <Text size="sm" c="dimmed" component="div">
            {subjects.slice(0, NAMED).map((subject, at) => (
              <span key={subject.id}>
                {at > 0 && ', '}
                <Subject subject={subject} />
              </span>
            ))}
            {left > 0 && `, ${say('more', { count: left })}`}
          </Text>
        )}
        {level !== 'ok' && where === 'configuration' && (
          <Text size="sm" c="dimmed">
            {say('byConfiguration')}
          </Text>
        )}
      </Stack>
      {level !== 'ok' && where !== 'configuration' && path !== undefined && <Way where={where} path={path} />}
    </Group>
  );
}

function Way({ where, path }: { readonly where: Exclude<Finding['where'], 'configuration'>; readonly path: string }) {
  const say = useTexts(placeTexts);
  return (
    <Button component={Link} href={path} size="compact-sm" variant="default">
      {say(where)}
    </Button>
  );
}

function Subject({ subject }: { readonly subject: Finding['subjects'][number] }): ReactNode {
  const path = pathOfSubject(subject);
  if (path === undefined) return subject.name;
  return <PageLink to={path}>{subject.name}</PageLink>;
}

type KeyOf<T> = T extends Texts<infer Key> ? Key : never;

/** The finding in the language at hand; of a rule that this console does not know, in the server's words. */
function FindingWords({ finding: { id, level, values, detail } }: { readonly finding: Finding }): ReactNode {
  const say = useTexts(findingTexts);
  const key = level === 'ok' ? `${id}_ok` : id;
  return isKnown(key) ? say(key, values) : detail;
}

const KNOWN: ReadonlySet<string> = new Set(
  [
    'second_factors',
    'initial_passwords',
    'second_factor_policy',
    'open_registration',
    'long_tokens',
    'endless_grants',
    'open_alerts',
    'event_chains',
    'audit_witness',
    'event_retention',
    'legacy_locks',
    'lock_clocks',
    'stale_locks',
    'unchained_locks',
    'low_batteries',
    'offline_gateways',
    'offline_leases',
  ].flatMap((id) => [id, `${id}_ok`]),
);

function isKnown(key: string): key is KeyOf<typeof findingTexts> {
  return KNOWN.has(key);
}
