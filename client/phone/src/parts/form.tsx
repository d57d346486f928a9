import { problemWords } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import type { Act } from './use-act.ts';

/** A form with its one button, and what went wrong said before it. */
export function Form({
  submit,
  busyWords,
  act,
  onSubmit,
  children,
}: {
  readonly submit: string;
  readonly busyWords: string;
  readonly act: Act;
  readonly onSubmit: () => Promise<void>;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act.run(onSubmit);
      }}
    >
      {children}
      <div role="alert">
        {act.error !== undefined && <p className="note bad">{problemWords(act.error, { acting: true })}</p>}
      </div>
      <button type="submit" className="primary" disabled={act.busy}>
        {act.busy ? busyWords : submit}
      </button>
    </form>
  );
}
