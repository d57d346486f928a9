import { formatDay, language, useTexts } from '@cardea/client-ui';
import { VisuallyHidden } from '@mantine/core';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { PageLink } from '../parts/page-link.tsx';
import { useWindowed } from '../parts/use-windowed.ts';
import type { CalendarDay } from './days.ts';
import { type Bar, type DayPart, partsOf } from './rows.ts';
import { calendarTexts } from './texts.ts';

/** One row: a door or a person, with the access of the days shown. */
export interface GridRow {
  readonly id: string;
  readonly name: string;
  readonly href: string;
  readonly bars: readonly Bar[];
}

/** Height of a row, CSS pixels, as calendar.css has it. */
const ROW_PX = 40;
/** Bars that fit below each other; of more it is said how many there are. */
const LANES = 3;
const PAGE_ROWS = 10;

/**
 * Rows by days as an ARIA grid: one cell is reached by the tabulator, the others by arrows, Home, End and Page keys, Enter
 * chooses it. Of many rows those in sight are drawn.
 */
export function AccessGrid({
  label,
  corner,
  rows,
  days,
  today,
  onChoose,
}: {
  readonly label: string;
  readonly corner: string;
  readonly rows: readonly GridRow[];
  readonly days: readonly CalendarDay[];
  readonly today: string;
  readonly onChoose: (row: GridRow, day: CalendarDay) => void;
}): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, end } = useWindowed(body, rows.length, ROW_PX);
  const [at, setAt] = useState({ row: 0, day: 0 });
  const moved = useRef(false);
  const active = { row: Math.min(at.row, rows.length - 1), day: Math.min(at.day, days.length - 1) };

  // biome-ignore lint/correctness/useExhaustiveDependencies: with each span that is drawn it looks for its cell again
  useEffect(() => {
    if (!moved.current) return;
    const cell = body.current?.querySelector<HTMLElement>(`[data-cell="${active.row} ${active.day}"]`);
    if (cell == null) {
      // Not drawn yet: what comes into sight is drawn, then this runs again.
      const top = (body.current?.getBoundingClientRect().top ?? 0) + active.row * ROW_PX;
      scrollBy({ top: top - innerHeight / 2 });
      return;
    }
    moved.current = false;
    cell.focus();
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active.row, active.day, first, end]);

  const onKey = (event: KeyboardEvent): void => {
    const next = nextCell(event.key, event.ctrlKey, active, rows.length, days.length);
    if (next === undefined) {
      const [row, day] = [rows[active.row], days[active.day]];
      const chooses = event.key === 'Enter' || event.key === ' ';
      if (!chooses || row === undefined || day === undefined || !(event.target as HTMLElement).dataset.cell) return;
      event.preventDefault();
      onChoose(row, day);
      return;
    }
    event.preventDefault();
    moved.current = true;
    setAt(next);
  };
  const spacing = { '--above': `${first * ROW_PX}px`, '--below': `${(rows.length - end) * ROW_PX}px` };
  return (
    <div className="calendar-scroll">
      <table
        className="calendar"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table by its rows, a grid by its keys (ARIA APG)
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={days.length + 1}
        style={{ '--days': days.length } as CSSProperties}
        onKeyDown={onKey}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="calendar-name">
              {corner}
            </th>
            {days.map(({ date }) => (
              <th
                key={date}
                scope="col"
                className={dayClass(date, today)}
                aria-current={date === today ? 'date' : undefined}
              >
                <span aria-hidden>{shortDay(date)}</span>
                <VisuallyHidden>{formatDay(date)}</VisuallyHidden>
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} style={spacing as CSSProperties}>
          {rows.slice(first, end).map((row, offset) => {
            const index = first + offset;
            return (
              <tr key={row.id} aria-rowindex={index + 2}>
                <th scope="row" className="calendar-name">
                  <PageLink to={row.href}>{row.name}</PageLink>
                </th>
                {days.map((day, column) => (
                  <Cell
                    key={day.date}
                    row={row}
                    day={day}
                    className={dayClass(day.date, '')}
                    place={`${index} ${column}`}
                    active={index === active.row && column === active.day}
                    onChoose={() => {
                      setAt({ row: index, day: column });
                      onChoose(row, day);
                    }}
                  />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell({
  row,
  day,
  className,
  place,
  active,
  onChoose,
}: {
  readonly row: GridRow;
  readonly day: CalendarDay;
  readonly className: string | undefined;
  readonly place: string;
  readonly active: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const say = useTexts(calendarTexts);
  const parts = partsOf(row.bars, day);
  const lanes = new Map(row.bars.map((bar, lane) => [bar, lane]));
  const people = new Set(parts.map(({ bar }) => bar.personId)).size;
  const hidden = new Set(parts.filter(({ bar }) => (lanes.get(bar) ?? 0) >= LANES).map(({ bar }) => bar)).size;
  const who = people === 0 ? say('nobody') : say('people', { count: people });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the grid's
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: see the grid
      role="gridcell"
      data-cell={place}
      tabIndex={active ? 0 : -1}
      className={className}
      aria-label={say('cell', { row: row.name, day: formatDay(day.date), who })}
      onClick={onChoose}
    >
      {parts
        .filter(({ bar }) => (lanes.get(bar) ?? 0) < LANES)
        .map((part) => (
          <span
            key={`${part.bar.key} ${part.from}`}
            className="calendar-bar"
            data-kind={part.bar.kind}
            style={barStyle(part, lanes.get(part.bar) ?? 0)}
          />
        ))}
      {hidden > 0 && (
        <span className="calendar-more" aria-hidden>
          +{hidden}
        </span>
      )}
    </td>
  );
}

function barStyle({ from, until }: DayPart, lane: number): CSSProperties {
  return {
    '--lane': lane,
    insetInlineStart: `${from * 100}%`,
    width: `max(3px, ${(until - from) * 100}%)`,
  } as CSSProperties;
}

/** Where a key leads in a grid; undefined for keys that lead nowhere. */
function nextCell(
  key: string,
  wide: boolean,
  { row, day }: { readonly row: number; readonly day: number },
  rows: number,
  days: number,
): { readonly row: number; readonly day: number } | undefined {
  const kept = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  switch (key) {
    case 'ArrowRight':
      return { row, day: kept(day + 1, days) };
    case 'ArrowLeft':
      return { row, day: kept(day - 1, days) };
    case 'ArrowDown':
      return { row: kept(row + 1, rows), day };
    case 'ArrowUp':
      return { row: kept(row - 1, rows), day };
    case 'PageDown':
      return { row: kept(row + PAGE_ROWS, rows), day };
    case 'PageUp':
      return { row: kept(row - PAGE_ROWS, rows), day };
    case 'Home':
      return { row: wide ? 0 : row, day: 0 };
    case 'End':
      return { row: wide ? rows - 1 : row, day: days - 1 };
    default:
      return undefined;
  }
}

function dayClass(date: string, today: string): string | undefined {
  const weekday = new Date(`${date}T00:00Z`).getUTCDay();
  const classes = [date === today && 'calendar-today', (weekday === 0 || weekday === 6) && 'calendar-weekend'];
  return classes.filter((one) => one !== false).join(' ') || undefined;
}

/** `Mon 23` */
function shortDay(date: string): string {
  const locale = language() === 'zh' ? 'zh-CN' : 'en-GB';
  const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }).format(
    new Date(`${date}T00:00Z`),
  );
  return `${weekday} ${Number(date.slice(8))}`;
}
