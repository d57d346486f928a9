import { problemWords, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import type { DoorRow } from '../doors/rows.ts';
import { usePhone } from '../own/keeper.tsx';
import type { OpeningOutcome } from './outcome.ts';
import { reasonWords } from './reason-words.ts';
import { openTexts } from './texts.ts';
import { useOpening } from './use-opening.ts';
import { waysOf } from './way.ts';

/** The button of a door, the way that it takes and why, and what came of it. */
export function OpenDoor({ row }: { readonly row: DoorRow }): ReactNode {
  const say = useTexts(openTexts);
  const { online, signedIn, bluetooth } = usePhone();
  const { stage, open } = useOpening(row.id);
  const { possible, reason } = waysOf({ online, signedIn, bluetooth, hasKey: row.offlineUntilS !== undefined });
  const [first, second] = possible;
  const busy = stage.kind !== 'idle' && stage.kind !== 'over' && stage.kind !== 'problem';
  return (
    <>
      <p className="hint">{say(`why_${reason}`)}</p>
      {first !== undefined && (
        <button type="button" className="primary" disabled={busy} onClick={() => void open(first)}>
          {say('open', { door: row.name })}
        </button>
      )}
      {second !== undefined && (
        <button
          type="button"
          className="secondary"
          disabled={busy}
          aria-label={`${say('open', { door: row.name })}: ${say(`by_${second}`)}`}
          onClick={() => void open(second)}
        >
          {say(`by_${second}`)}
        </button>
      )}
      <div aria-live="assertive">
        {busy && (
          <p className="progress" data-stage={stage.kind}>
            {say(stage.kind)}
          </p>
        )}
        {stage.kind === 'problem' && <p className="note bad">{problemWords(stage.error)}</p>}
        {stage.kind === 'over' && <Outcome outcome={stage.outcome} />}
      </div>
    </>
  );
}

const LOOKS = { opened: 'good', refused: 'bad', unknown: 'warn' } as const;

function Outcome({ outcome }: { readonly outcome: OpeningOutcome }): ReactNode {
  const say = useTexts(openTexts);
  const word = outcome.kind === 'unknown' ? undefined : outcome.word;
  return (
    <div className={`note ${LOOKS[outcome.kind]}`} data-outcome={outcome.kind}>
      <p className="strong">{say(outcome.kind)}</p>
      {outcome.kind === 'unknown' && <p>{say('unknownWords')}</p>}
      {outcome.kind === 'refused' && <p>{reasonWords(say, outcome.reason)}</p>}
      {word !== undefined && (
        <p className="hint">
          {say('word', {
            bolt: say(`bolt_${word.bolt}`),
            door: say(`door_${word.door}`),
            battery: word.batteryPercent,
            sequence: word.sequence,
          })}
        </p>
      )}
    </div>
  );
}
