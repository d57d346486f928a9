import { ApiProblem } from '@cardea/client-sdk';
import { formatMoment, useApi, useTexts } from '@cardea/client-ui';
import type { ChangeGrant, Grant, GrantConstraint, Property, ScheduleNotice } from '@cardea/wire-api';
import { List, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Dialog, DialogEnd } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { Notices } from '../schedules/notices.tsx';
import { useSchedules } from '../schedules/schedules-of.ts';
import { GRANTS_KEY, methodsKey, type ReadGrant } from './keys.ts';
import { TermFields } from './term-fields.tsx';
import { changeOf, droppedBy, faultsOf, termsOf } from './terms.ts';
import { grantTexts } from './texts.ts';

/** Changes a grant if it is still what was read. Every limit that falls is named and confirmed first. */
export function ChangeGrantDialog({
  read: { grant, etag },
  property,
  onClose,
  onOvertaken,
}: {
  readonly read: ReadGrant;
  readonly property: Property;
  readonly onClose: () => void;
  /** Somebody else has changed it meanwhile; it has been read anew. */
  readonly onOvertaken: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const client = useQueryClient();
  const zone = property.time_zone;
  // What was read when the dialog opened: whatever comes meanwhile is found out by the server.
  const [before] = useState({ grant, etag });
  const [terms, setTerms] = useState(() => termsOf(grant, zone));
  const [tried, setTried] = useState(false);
  const [idle, setIdle] = useState(false);
  const [dropping, setDropping] = useState<readonly GrantConstraint[]>([]);
  const [notices, setNotices] = useState<readonly ScheduleNotice[]>();
  const faults = faultsOf(terms, zone);
  const change = changeOf(before.grant, terms, zone);

  const act = useAct<ChangeGrant, readonly ScheduleNotice[] | 'overtaken'>({
    fields: ['scope', 'not_before', 'not_after', 'schedule_id', 'conditions', 'operations', 'methods', 'uses'],
    inline: true,
    stale: [GRANTS_KEY, methodsKey(grant.id)],
    work: async (body) => {
      try {
        return (await api.grants.change(grant.id, body, { ifMatch: before.etag })).notices;
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.status === 412) return 'overtaken';
        throw problem;
      }
    },
    after: (outcome) => {
      setDropping([]);
      if (outcome === 'overtaken') onOvertaken();
      else if (outcome.length === 0) onClose();
      else setNotices(outcome);
    },
  });
  const send = (drop: readonly GrantConstraint[]): void =>
    void act.run({ ...change, ...(drop.length > 0 && { drop: [...drop] }) });
  const close = (): void => {
    void client.invalidateQueries({ queryKey: GRANTS_KEY });
    onClose();
  };
  return (
    <>
      <Dialog title={say('changeTitle')} size="xl" held onClose={close}>
        {notices !== undefined ? (
          <Stack gap="md">
            <Notices notices={notices} />
            <DialogEnd onClose={close} />
          </Stack>
        ) : (
          <Form
            act={{
              busy: act.busy,
              error: dropping.length > 0 ? undefined : act.error,
              run: () => {
                const drops = droppedBy(before.grant, change);
                if (drops.length > 0) setDropping(drops);
                else send([]);
              },
            }}
            action={say('save')}
            check={() => {
              setTried(true);
              const same = Object.keys(change).length === 0;
              setIdle(same);
              return faults.length === 0 && !same;
            }}
          >
            <TermFields
              property={property}
              terms={terms}
              onChange={(next) => {
                setIdle(false);
                setTerms(next);
              }}
              faults={tried ? faults : []}
              wrong={act.wrong}
            />
            {idle && (
              <Text size="sm" c="dimmed" role="status">
                {say('nothingChanged')}
              </Text>
            )}
          </Form>
        )}
      </Dialog>
      <ConfirmDialog
        opened={dropping.length > 0}
        title={say('dropsTitle')}
        action={say('dropsAction')}
        act={act}
        onConfirm={() => send(dropping)}
        onClose={() => setDropping([])}
      >
        <Text size="sm">{say('dropsAsk')}</Text>
        <List size="sm" mt={6}>
          {dropping.map((name) => (
            <List.Item key={name}>
              <DropWords grant={before.grant} name={name} zone={zone} />
            </List.Item>
          ))}
        </List>
      </ConfirmDialog>
    </>
  );
}

function DropWords({
  grant,
  name,
  zone,
}: {
  readonly grant: Grant;
  readonly name: GrantConstraint;
  readonly zone: string;
}): ReactNode {
  const say = useTexts(grantTexts);
  const schedules = useSchedules(grant.property_id).data;
  return say(`drop_${name}`, {
    at: grant.not_after === null ? '' : formatMoment(grant.not_after, zone),
    name: schedules?.find(({ id }) => id === grant.schedule_id)?.name ?? '…',
    count: grant.uses ?? 0,
  });
}
