import { problemWords, useTexts } from '@cardea/client-ui';
import { type ReactNode, useState } from 'react';
import { partTexts } from './texts.ts';
import { useAct } from './use-act.ts';

/** A button that asks once more, in its place, before it does what cannot be undone. */
export function Confirm({
  label,
  name,
  question,
  action,
  onConfirm,
}: {
  readonly label: string;
  /** What assistive technology calls it, where the label alone does not say which. */
  readonly name?: string;
  /** What comes of it. */
  readonly question: ReactNode;
  readonly action: string;
  readonly onConfirm: () => Promise<void>;
}): ReactNode {
  const say = useTexts(partTexts);
  const [open, setOpen] = useState(false);
  const act = useAct();
  if (!open) {
    return (
      <button type="button" className="secondary" aria-label={name} onClick={() => setOpen(true)}>
        {label}
      </button>
    );
  }
  return (
    <fieldset className="ask" aria-label={name ?? label}>
      {question}
      <div role="alert">
        {act.error !== undefined && <p className="note bad">{problemWords(act.error, { acting: true })}</p>}
      </div>
      <div className="choice">
        <button type="button" className="secondary" disabled={act.busy} onClick={() => setOpen(false)}>
          {say('cancel')}
        </button>
        <button
          type="button"
          className="primary danger"
          disabled={act.busy}
          onClick={() =>
            void act.run(async () => {
              await onConfirm();
              setOpen(false);
            })
          }
        >
          {act.busy ? say('busy') : action}
        </button>
      </div>
    </fieldset>
  );
}
