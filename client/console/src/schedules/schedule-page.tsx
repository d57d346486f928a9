import './schedules.css';
import { ApiProblem } from '@cardea/client-sdk';
import { useApi, useTexts } from '@cardea/client-ui';
import type { Schedule, ScheduleNotice } from '@cardea/wire-api';
import { Alert, Box, Button, Text } from '@mantine/core';
import { InfoCircledIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { notifyDone, useAct } from '../parts/act.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Form } from '../parts/form.tsx';
import { NameField } from '../parts/name-field.tsx';
import { Page, Panel } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { useScopes } from '../session/session.tsx';
import { useProperty } from '../shell/property.tsx';
import { bodyOf, draftFaults, draftOf, emptyDraft } from './draft.ts';
import { Notices } from './notices.tsx';
import { SCHEDULES_KEY } from './schedules-of.ts';
import { SpecialDays } from './special-days.tsx';
import { scheduleTexts } from './texts.ts';
import { UsedBy } from './used-by.tsx';
import { WeekEditor } from './week-editor.tsx';

/** What was read, with the ETag by which it is changed only if it is still that. */
interface ReadSchedule {
  readonly schedule: Schedule;
  readonly etag: string;
}

/** One schedule, or at `/schedules/new` one that is to be. */
export function SchedulePage(): ReactNode {
  const { id = 'new' } = useParams<{ id: string }>();
  return id === 'new' ? (
    <Editor key="new" read={undefined} onOvertaken={() => undefined} />
  ) : (
    <OneSchedule key={id} id={id} />
  );
}

function OneSchedule({ id }: { readonly id: string }): ReactNode {
  const api = useApi();
  const say = useTexts(scheduleTexts);
  const [overtaken, setOvertaken] = useState(false);
  const read = useQuery({
    queryKey: [...SCHEDULES_KEY, 'one', id],
    queryFn: async ({ signal }): Promise<ReadSchedule> => {
      let etag = '';
      const schedule = await api.schedules.get(id, {
        signal,
        onEtag: (told) => {
          etag = told;
        },
      });
      return { schedule, etag };
    },
    // What somebody is writing is not taken out of his hands.
    refetchOnWindowFocus: false,
  });
  if (read.data === undefined) {
    return (
      <Page title={say('name')}>
        <Loaded query={read}>{() => null}</Loaded>
      </Page>
    );
  }
  return (
    <Editor
      key={read.data.etag}
      read={read.data}
      overtaken={overtaken}
      onOvertaken={() => {
        setOvertaken(true);
        void read.refetch();
      }}
    />
  );
}

function Editor({
  read,
  overtaken = false,
  onOvertaken,
}: {
  readonly read: ReadSchedule | undefined;
  readonly overtaken?: boolean;
  readonly onOvertaken: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(scheduleTexts);
  const property = useProperty();
  const mayWrite = useScopes()('grants:write');
  const [, go] = useLocation();
  const [draft, setDraft] = useState(() => (read === undefined ? emptyDraft() : draftOf(read.schedule)));
  const [tried, setTried] = useState(false);
  const [notices, setNotices] = useState<readonly ScheduleNotice[]>([]);
  const [removing, setRemoving] = useState(false);
  const faults = draftFaults(draft);
  const shown = tried ? faults : NONE;

  const save = useAct<void, { readonly id: string; readonly notices: readonly ScheduleNotice[] } | 'overtaken'>({
    fields: ['name'],
    inline: true,
    stale: [[...SCHEDULES_KEY, property.id]],
    work: async () => {
      const body = bodyOf(draft);
      if (read === undefined) return api.schedules.add({ property_id: property.id, ...body });
      try {
        return await api.schedules.change(read.schedule.id, body, { ifMatch: read.etag });
      } catch (problem) {
        if (problem instanceof ApiProblem && problem.status === 412) return 'overtaken';
        throw problem;
      }
    },
    after: (answer) => {
      if (answer === 'overtaken') return onOvertaken();
      notifyDone(say('saved'));
      setNotices(answer.notices);
      if (read === undefined) go(`/schedules/${answer.id}`);
    },
  });
  const remove = useAct({
    inline: true,
    stale: [[...SCHEDULES_KEY, property.id]],
    done: say('removed'),
    work: () => api.schedules.remove(read?.schedule.id ?? ''),
    after: () => go('/schedules'),
  });
  const title = read === undefined ? say('add') : read.schedule.name;
  return (
    <Page
      title={title}
      lead={say('lead', { zone: property.time_zone })}
      actions={
        read !== undefined &&
        mayWrite && (
          <Button variant="default" onClick={() => setRemoving(true)}>
            {say('remove')}
          </Button>
        )
      }
    >
      {overtaken && (
        <Alert color="yellow" icon={<InfoCircledIcon />} role="alert" mb="md">
          <Text size="sm">{say('changedMeanwhile')}</Text>
        </Alert>
      )}
      <Notices notices={notices} />
      <Form
        act={save}
        action={say('save')}
        ready={mayWrite}
        check={() => {
          setTried(true);
          return faults.size === 0;
        }}
      >
        <NameField
          label={say('name')}
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
          error={(shown.has('name') ? say('nameMissing') : undefined) ?? save.wrong('name')}
          maw="28rem"
        />
        <div>
          <Panel title={say('week')}>
            <WeekEditor weekly={draft.weekly} onChange={(weekly) => setDraft({ ...draft, weekly })} faults={shown} />
          </Panel>
          <Panel title={say('special')}>
            <SpecialDays days={draft.days} onChange={(days) => setDraft({ ...draft, days })} faults={shown} />
          </Panel>
        </div>
      </Form>
      {read !== undefined && (
        <Box mt="md">
          <UsedBy schedule={read.schedule} />
        </Box>
      )}
      <ConfirmDialog
        opened={removing}
        title={say('removeTitle')}
        action={say('remove')}
        act={remove}
        onConfirm={() => void remove.run()}
        onClose={() => setRemoving(false)}
      >
        <Text size="sm">{say('removeAsk')}</Text>
      </ConfirmDialog>
    </Page>
  );
}

const NONE: ReadonlySet<string> = new Set();
