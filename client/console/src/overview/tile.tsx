import './overview.css';
import { useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { overviewTexts } from './texts.ts';

/** Something that is counted. */
export interface Matter {
  /** Where it is seen and something done about it, below /console. */
  readonly href: string;
  readonly label: string;
  readonly icon: ReactNode;
  /** How it is to be taken when there is any. */
  readonly tone: 'bad' | 'warn' | 'info';
  /** Undefined as long as it is not known. */
  readonly count: number | undefined;
  /** Why it is not known. */
  readonly error?: unknown;
  /** More is said to be more than this. */
  readonly most?: number;
  /** What is to be known besides. */
  readonly note?: string | undefined;
}

/** Counts beside one another, each a link to its place; those of nothing are quiet. */
export function Tiles({ label, matters }: { readonly label: string; readonly matters: readonly Matter[] }): ReactNode {
  return (
    <ul className="tiles" aria-label={label}>
      {matters.map((matter) => (
        <li key={matter.href}>
          <Tile matter={matter} />
        </li>
      ))}
    </ul>
  );
}

function Tile({
  matter: { href, label, icon, tone, count, error, most, note },
}: {
  readonly matter: Matter;
}): ReactNode {
  const say = useTexts(overviewTexts);
  const isMore = count !== undefined && most !== undefined && count > most;
  return (
    <Link className="tile" href={href} data-tone={count === undefined || count === 0 ? undefined : tone}>
      <span className="tile-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="tile-count">
        {count === undefined ? (
          error ? (
            <span role="img" aria-label={say('unread')} title={say('unread')}>
              –
            </span>
          ) : (
            '…'
          )
        ) : isMore ? (
          <span role="img" aria-label={say('more', { count: most })}>
            {most}+
          </span>
        ) : (
          count
        )}
      </span>
      <span className="tile-label">
        {label}
        {note !== undefined && <span className="tile-note">{note}</span>}
      </span>
    </Link>
  );
}
