import './search.css';
import { useTexts } from '@cardea/client-ui';
import { Button } from '@mantine/core';
import { MagnifyingGlassIcon } from '@radix-ui/react-icons';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { searchTexts } from './texts.ts';

const SearchDialog = lazy(async () => ({ default: (await import('./search-dialog.tsx')).SearchDialog }));

const ON_A_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

/**
 * Opens the search, by a click or by Ctrl and K (on a Mac, Command and K). No shortcut is a single character: speech input
 * would set it off (WCAG 2.2, 2.1.4).
 */
export function SearchButton(): ReactNode {
  const say = useTexts(searchTexts);
  const [opened, setOpened] = useState(false);
  const before = useRef<Element>(null);
  const open = (): void => {
    before.current = document.activeElement;
    setOpened(true);
  };
  const newest = useRef(open);
  newest.current = open;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const meant = (ON_A_MAC ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey;
      if (!meant || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      // What is asked in another dialog is answered first.
      if (document.querySelector('[aria-modal="true"]') === null) newest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        c="dimmed"
        fw={400}
        leftSection={<MagnifyingGlassIcon aria-hidden />}
        classNames={{ section: 'search-icon' }}
        title={say('open')}
        aria-label={say('search')}
        aria-keyshortcuts={ON_A_MAC ? 'Meta+K' : 'Control+K'}
        onClick={open}
      >
        {/* The keys are drawn by the style: they are no part of the button's name, and told by aria-keyshortcuts. */}
        <span className="wide-only search-key" data-keys={ON_A_MAC ? '⌘K' : 'Ctrl K'}>
          {say('search')}
        </span>
      </Button>
      {opened && (
        <Suspense>
          <SearchDialog
            onClose={(went) => {
              setOpened(false);
              // Where one goes to takes the focus itself.
              if (!went && before.current instanceof HTMLElement) before.current.focus();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
