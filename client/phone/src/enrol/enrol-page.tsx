import { attemptWords, enrolTexts, formatTimeOfDay, problemWords, readLockCode, useTexts } from '@cardea/client-ui';
import type { Attempt, Door } from '@cardea/wire-api';
import { type ReactNode, useCallback, useState } from 'react';
import { usePhone } from '../own/keeper.tsx';
import { LoadedPart } from '../parts/loaded-part.tsx';
import { useAct } from '../parts/use-act.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { Page } from '../shell/page.tsx';
import { shellTexts } from '../shell/texts.ts';
import { LockCode } from './lock-code.tsx';

/** Puts a lock on a door, standing before it: its QR code, the door, its button, followed until the lock has said so. */
export function EnrolPage(): ReactNode {
  const sayShell = useTexts(shellTexts);
  const { api } = usePhone();
  const load = useCallback(
    async (signal: AbortSignal): Promise<readonly Door[]> => {
      const free: Door[] = [];
      for await (const door of api.doors.list({}, { signal })) if (door.lock_id === null) free.push(door);
      return free;
    },
    [api],
  );
  const loaded = useLoaded(load);
  return (
    <Page title={sayShell('enrol')}>
      <LoadedPart loaded={loaded}>{(doors) => <Enrol doors={doors} onBound={loaded.reload} />}</LoadedPart>
    </Page>
  );
}

/** What is being bound, and how far it is. */
interface Binding {
  readonly lock: string;
  readonly door: Door;
  readonly attempt: Attempt;
}

function Enrol({ doors, onBound }: { readonly doors: readonly Door[]; readonly onBound: () => void }): ReactNode {
  const say = useTexts(enrolTexts);
  const { api } = usePhone();
  const [code, setCode] = useState('');
  const [doorId, setDoorId] = useState('');
  const [binding, setBinding] = useState<Binding | undefined>(undefined);
  const act = useAct();
  const lock = readLockCode(code);
  const door = doors.find(({ id }) => id === doorId) ?? (doors.length === 1 ? doors[0] : undefined);
  const bind = async (): Promise<void> => {
    if (lock === undefined || door === undefined) return;
    const first = await api.doors.enrol(door.id, lock);
    const over = await api.attempts.untilOver(first, {
      onProgress: (attempt) => setBinding({ lock, door, attempt }),
    });
    setBinding({ lock, door, attempt: over });
  };
  if (binding !== undefined) {
    const done = binding.attempt.state === 'succeeded';
    return (
      <>
        <BindingNote binding={binding} />
        {act.error !== undefined && <p className="note bad">{problemWords(act.error, { acting: true })}</p>}
        {!act.busy && (
          <button
            type="button"
            className="primary"
            onClick={() => {
              setBinding(undefined);
              if (!done) return;
              setCode('');
              setDoorId('');
              onBound();
            }}
          >
            {say(done ? 'next' : 'again')}
          </button>
        )}
      </>
    );
  }
  if (doors.length === 0) return <p className="empty">{say('allHave')}</p>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act.run(bind);
      }}
    >
      <p className="lead">{say('lead')}</p>
      <LockCode value={code} onChange={setCode} />
      <div className="field">
        <label htmlFor="field-door">{say('door')}</label>
        <select
          id="field-door"
          value={door?.id ?? ''}
          onChange={(event) => setDoorId(event.currentTarget.value)}
          required
        >
          <option value="">{say('chooseDoor')}</option>
          {doors.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div role="alert">
        {act.error !== undefined && <p className="note bad">{problemWords(act.error, { acting: true })}</p>}
      </div>
      <button type="submit" className="primary" disabled={act.busy || lock === undefined || door === undefined}>
        {say('begin')}
      </button>
    </form>
  );
}

function BindingNote({ binding: { lock, door, attempt } }: { readonly binding: Binding }): ReactNode {
  const say = useTexts(enrolTexts);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { tone, title, meaning } = attemptWords(attempt);
  const words = { lock, door: door.name };
  if (tone === 'under_way') {
    return (
      <div className="note warn" role="status">
        <p className="strong progress">{say('pressNow')}</p>
        <p>{say('pressWhy', { ...words, until: formatTimeOfDay(attempt.expires_at, zone, { seconds: true }) })}</p>
        <p className="hint">{title}</p>
      </div>
    );
  }
  const done = tone === 'succeeded';
  return (
    <div className={`note ${done ? 'good' : 'bad'}`} role={done ? 'status' : 'alert'}>
      <p className="strong">{say(done ? 'enrolled' : 'notEnrolled', words)}</p>
      <p className="hint">{[done ? '' : title, meaning].filter((part) => part !== '').join('. ')}</p>
    </div>
  );
}
