import { againstWords, problemWords, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import type { DoorRow } from '../doors/rows.ts';
import { usePhone } from '../own/keeper.tsx';
import type { OpeningOutcome } from './outcome.ts';
import { openTexts } from './texts.ts';
import { type OpeningStage, useOpening } from './use-opening.ts';
import { waysOf } from './way.ts';

/** The button of a door, the way that it takes and why, and what came of it. */
export function OpenDoor({ row }: { readonly row: DoorRow }): ReactNode {
  const say = useTexts(openTexts);
  const { reach, signedIn, bluetooth } = usePhone();
  const { stage, open } = useOpening(row.id);
  const { possible, reason } = waysOf({
    answers: reach === 'answers',
    signedIn,
    bluetooth,
    hasKey: row.offlineUntilS !== undefined,
    fromAfar: row.fromAfar,
  });
  const [first, second] = possible;
  const atDoor = stage.kind === 'choosing' || stage.kind === 'presenting';
  const against = reach === 'answers' && signedIn ? againstWords(row.fromAfar?.against) : undefined;
  const byServer = stage.kind === 'asking' || stage.kind === 'pending' || stage.kind === 'sent';
  return (
    <>
      {first !== undefined && (
        <button
          type="button"
          className="primary"
          data-way={first}
          disabled={atDoor || (byServer && first === 'server')}
          onClick={() => void open(first)}
        >
          {say('open', { door: row.name })}
        </button>
      )}
      <p className="hint">
        {say(`why_${reason}`)}
        {against !== undefined && ` ${against}`}
        {first === undefined && row.hasPin && ` ${say('pin')}`}
      </p>
      {second !== undefined && (
        <button
          type="button"
          className="secondary"
          data-way={second}
          disabled={atDoor || (byServer && second === 'server')}
          aria-label={`${say('open', { door: row.name })}: ${say(`by_${second}`)}`}
          onClick={() => void open(second)}
        >
          {say(`by_${second}`)}
        </button>
      )}
      <div aria-live="assertive">
        <Stage stage={stage} />
      </div>
    </>
  );
}

function Stage({ stage }: { readonly stage: OpeningStage }): ReactNode {
  const say = useTexts(openTexts);
  switch (stage.kind) {
    case 'idle':
      return null;
    case 'problem':
      return <p className="note bad">{problemWords(stage.error)}</p>;
    case 'over':
      return <Outcome outcome={stage.outcome} />;
    default:
      return (
        <p className="progress" data-stage={stage.kind}>
          {say(stage.kind)}
        </p>
      );
  }
}

const LOOKS = { opened: 'good', refused: 'bad', unknown: 'warn' } as const;

function Outcome({ outcome: { kind, meaning } }: { readonly outcome: OpeningOutcome }): ReactNode {
  const say = useTexts(openTexts);
  return (
    <div className={`note ${LOOKS[kind]}`} data-outcome={kind}>
      <p className="strong">{say(kind)}</p>
      {meaning !== '' && <p className="hint">{meaning}</p>}
    </div>
  );
}
