import {
  CheckCircledIcon,
  CrossCircledIcon,
  DotFilledIcon,
  ExclamationTriangleIcon,
  InfoCircledIcon,
} from '@radix-ui/react-icons';
import type { ComponentType, ReactNode } from 'react';

/** How a state is to be taken. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

const ICONS: Readonly<Record<Tone, ComponentType>> = {
  good: CheckCircledIcon,
  warn: ExclamationTriangleIcon,
  bad: CrossCircledIcon,
  info: InfoCircledIcon,
  quiet: DotFilledIcon,
};

/** A state in a word, with a symbol of its own: never by its colour alone (WCAG 2.2, 1.4.1). */
export function StateBadge({
  tone,
  icon: Icon = ICONS[tone],
  children,
}: {
  readonly tone: Tone;
  readonly icon?: ComponentType;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className="state-badge" data-tone={tone}>
      <Icon />
      {children}
    </span>
  );
}
