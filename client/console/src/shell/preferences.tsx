import { chooseLanguage, type Language, language, useTexts } from '@cardea/client-ui';
import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { CheckIcon, GlobeIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { shellTexts } from './texts.ts';

const SCHEMES: readonly MantineColorScheme[] = ['light', 'dark', 'auto'];
const LANGUAGE_NAMES: readonly (readonly [Language, 'english' | 'chinese'])[] = [
  ['en', 'english'],
  ['zh', 'chinese'],
];

/** Chooses the language and light or dark. Also there before sign-in. */
export function Preferences(): ReactNode {
  const say = useTexts(shellTexts);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          c="var(--mantine-color-text)"
          aria-label={say('preferences')}
        >
          <GlobeIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{say('language')}</Menu.Label>
        {LANGUAGE_NAMES.map(([code, name]) => (
          <Choice key={code} chosen={language() === code} onChoose={() => void chooseLanguage(code)}>
            <span lang={code}>{say(name)}</span>
          </Choice>
        ))}
        <Menu.Divider />
        <Menu.Label>{say('scheme')}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Choice key={scheme} chosen={colorScheme === scheme} onChoose={() => setColorScheme(scheme)}>
            {say(scheme)}
          </Choice>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Choice({
  chosen,
  onChoose,
  children,
}: {
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={chosen}
      onClick={onChoose}
      rightSection={chosen ? <CheckIcon aria-hidden /> : undefined}
    >
      {children}
    </Menu.Item>
  );
}
