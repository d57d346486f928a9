import './search.css';
import { useTexts } from '@cardea/client-ui';
import { Modal, Text, TextInput } from '@mantine/core';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { type Findable, rank } from './rank.ts';
import { searchTexts } from './texts.ts';
import { useFindables } from './use-findables.ts';

/** Most results that are shown. */
const MAX_RESULTS = 30;

/** Finds a door, person, lock, gateway or page by name and goes there: a combobox with its list (WAI-ARIA APG). */
export function SearchDialog({ onClose }: { readonly onClose: (went: boolean) => void }): ReactNode {
  const say = useTexts(searchTexts);
  const [, go] = useLocation();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { all, failed } = useFindables();
  const results = useMemo(() => rank(all, typed, MAX_RESULTS), [all, typed]);
  const chosenAt = Math.min(at, results.length - 1);
  const optionId = (index: number): string => `${listId}-${index}`;
  useEffect(() => {
    list.current?.children[chosenAt]?.scrollIntoView({ block: 'nearest' });
  }, [chosenAt]);
  const open = ({ href }: Findable): void => {
    go(href);
    onClose(true);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While a word is composed, as in Chinese, its keys are the input method's.
    if (event.nativeEvent.isComposing || results.length === 0) return;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (chosenAt + 1) % results.length,
      ArrowUp: (chosenAt - 1 + results.length) % results.length,
      PageDown: Math.min(chosenAt + 8, results.length - 1),
      PageUp: Math.max(chosenAt - 8, 0),
    };
    const next = steps[event.key];
    const chosen = results[chosenAt];
    if (next !== undefined) setAt(next);
    else if (event.key === 'Enter' && chosen !== undefined) open(chosen);
    else return;
    event.preventDefault();
  };
  const searched = typed.trim() !== '';
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="10vh"
      centered={false}
      title={say('search')}
      classNames={{ header: 'search-heading' }}
      transitionProps={{ duration: 0 }}
      returnFocus={false}
    >
      <TextInput
        size="md"
        variant="unstyled"
        px="md"
        leftSection={<MagnifyingGlassIcon aria-hidden />}
        placeholder={say('hint')}
        aria-label={say('open')}
        role="combobox"
        aria-expanded={results.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={results.length > 0 ? optionId(chosenAt) : undefined}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-autofocus
      />
      <div ref={list} id={listId} className="search-results" role="listbox" aria-label={say('results')}>
        {results.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys, as a combobox does
          <div
            key={`${one.kind} ${one.key}`}
            id={optionId(index)}
            role="option"
            aria-selected={index === chosenAt}
            tabIndex={-1}
            onClick={() => open(one)}
          >
            <b>{one.name}</b>
            <span>{one.more}</span>
            <span className="search-kind">{say(one.kind)}</span>
          </div>
        ))}
      </div>
      <Text size="xs" c="dimmed" px="md" py="xs" className="search-foot">
        <span role="status">
          {!searched
            ? ''
            : results.length === 0
              ? say('none')
              : results.length === MAX_RESULTS
                ? say('first', { count: MAX_RESULTS })
                : say('found', { count: results.length })}
          {failed && ` ${say('failed')}`}
        </span>
        <span>{say('keys')}</span>
      </Text>
    </Modal>
  );
}
