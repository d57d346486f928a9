import { fieldOf, problemWords, requestIdOf, say } from '@cardea/client-ui';
import { notifications } from '@mantine/notifications';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { partTexts } from './texts.ts';

/** Something that is done at the server when a person asks for it. */
export interface Act<Input> {
  /** Does it. Foreseen refusals do not throw: they are shown. @returns whether it was done */
  readonly run: (input: Input) => Promise<boolean>;
  readonly busy: boolean;
  /** What is wrong with the field by that name of the request's body, where the server named one of `fields`. */
  readonly wrong: (field: string) => string | undefined;
  /** What went wrong otherwise, where `inline` was asked for. */
  readonly error: unknown;
  readonly reset: () => void;
}

/**
 * Something done at the server. When it is done, `stale` is read anew, `done` is said and `after` runs; when it is refused,
 * the words stand at the field that the server names if it is one of `fields`, else in a notification, or with `inline` in
 * `error` for the form to show.
 */
export function useAct<Input = void, Answer = unknown>({
  work,
  stale = [],
  done,
  after,
  fields = [],
  inline = false,
}: {
  readonly work: (input: Input) => Promise<Answer>;
  readonly stale?: readonly QueryKey[];
  readonly done?: string | ((answer: Answer, input: Input) => string);
  readonly after?: (answer: Answer, input: Input) => void;
  readonly fields?: readonly string[];
  readonly inline?: boolean;
}): Act<Input> {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(undefined);
  const mutation = useMutation({ mutationFn: work });
  const field = fieldOf(error);
  const atField = field !== undefined && fields.includes(field);
  return {
    busy: mutation.isPending,
    error: atField ? undefined : error,
    reset: () => setError(undefined),
    wrong: (name) => (atField && field === name ? problemWords(error, { acting: true }) : undefined),
    async run(input) {
      setError(undefined);
      try {
        const answer = await mutation.mutateAsync(input);
        await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
        if (done !== undefined) notifyDone(typeof done === 'string' ? done : done(answer, input));
        after?.(answer, input);
        return true;
      } catch (failure) {
        const named = fieldOf(failure);
        if (inline || (named !== undefined && fields.includes(named))) setError(failure);
        else notifyProblem(failure);
        return false;
      }
    },
  };
}

/** Says that something was done; nothing where there is nothing to say. */
export function notifyDone(message: string): void {
  if (message === '') return;
  notifications.show({ message, color: 'teal', autoClose: 5_000, closeButtonProps: closeButton() });
}

/** Says what went wrong with something that was asked for. It stays until it is closed. */
export function notifyProblem(error: unknown): void {
  const id = requestIdOf(error);
  const words = problemWords(error, { acting: true });
  notifications.show({
    title: say(partTexts, 'actionFailed'),
    message: id === undefined ? words : `${words} (${say(partTexts, 'reference', { id })})`,
    color: 'red',
    autoClose: false,
    closeButtonProps: closeButton(),
  });
}

function closeButton(): { 'aria-label': string } {
  return { 'aria-label': say(partTexts, 'close') };
}
