import { problemWords, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { shellTexts } from '../shell/texts.ts';
import type { Loaded } from './use-loaded.ts';

/** Shows what was loaded; before that that it is loading, or why it could not be, with the way to try again. */
export function LoadedPart<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ReactNode;
}): ReactNode {
  const say = useTexts(shellTexts);
  const { value, error, reload } = loaded;
  return (
    <>
      {error !== undefined && (
        <p className="note bad" role="alert">
          {problemWords(error)}{' '}
          <button type="button" className="link" onClick={reload}>
            {say('again')}
          </button>
        </p>
      )}
      {value === undefined && error === undefined && (
        <p className="progress" role="status" data-loading="true">
          {say('loading')}
        </p>
      )}
      {value !== undefined && children(value)}
    </>
  );
}
