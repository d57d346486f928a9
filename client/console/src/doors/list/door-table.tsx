import './door-table.css';
import { useTexts } from '@cardea/client-ui';
import { useMediaQuery } from '@mantine/hooks';
import { CaretDownIcon, CaretSortIcon, CaretUpIcon } from '@radix-ui/react-icons';
import { type CSSProperties, memo, type ReactNode, useRef } from 'react';
import { useLiveDoor } from '../../live/live.tsx';
import { PageLink } from '../../parts/page-link.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useWindowed } from '../../parts/use-windowed.ts';
import { When } from '../../parts/when.tsx';
import { DoorSign } from '../door-sign.tsx';
import { marksOf } from '../signs.ts';
import { doorTexts } from '../texts.ts';
import type { SortKey } from './filter.ts';
import { doorListTexts } from './texts.ts';

/** Heights of a row, CSS pixels, as door-table.css has them: on a desk, and as a card on a phone. */
const ROW_PX = 42;
const CARD_PX = 76;
const CARDS = '(max-width: 40em)';

/** Doors as rows, of which those in sight are drawn. */
export function DoorTable({
  ids,
  floorNames,
  sort,
  descending,
  onSort,
}: {
  readonly ids: readonly string[];
  readonly floorNames: ReadonlyMap<string, string>;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly onSort: (by: SortKey) => void;
}): ReactNode {
  const say = useTexts(doorListTexts);
  const body = useRef<HTMLTableSectionElement>(null);
  const cards = useMediaQuery(CARDS, matchMedia(CARDS).matches, { getInitialValueInEffect: false });
  const rowPx = cards ? CARD_PX : ROW_PX;
  const { first, end } = useWindowed(body, ids.length, rowPx);
  const head = (key: SortKey): ReactNode => (
    <SortHead
      name={key}
      direction={sort === key ? (descending ? 'descending' : 'ascending') : undefined}
      onSort={onSort}
    />
  );
  return (
    <table className="door-table" aria-label={say('door')} aria-rowcount={ids.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          {head('door')}
          {head('state')}
          {head('proved')}
          {head('battery')}
          <th scope="col">{say('floor')}</th>
          <th scope="col">{say('kind')}</th>
        </tr>
      </thead>
      {/* What stands for the rows that are not drawn is of the style alone: nobody hears of it. */}
      <tbody ref={body} style={space(first * rowPx, (ids.length - end) * rowPx)}>
        {ids.slice(first, end).map((id, at) => (
          <DoorRow key={id} id={id} index={first + at + 2} floorNames={floorNames} />
        ))}
      </tbody>
    </table>
  );
}

/** Room above and below the rows, CSS pixels, for door-table.css. */
function space(abovePx: number, belowPx: number): CSSProperties {
  return { '--above': `${abovePx}px`, '--below': `${belowPx}px` } as CSSProperties;
}

const DoorRow = memo(function DoorRow({
  id,
  index,
  floorNames,
}: {
  readonly id: string;
  readonly index: number;
  readonly floorNames: ReadonlyMap<string, string>;
}): ReactNode {
  const say = useTexts(doorListTexts);
  const sayDoor = useTexts(doorTexts);
  const live = useLiveDoor(id);
  if (live === undefined) return null;
  const { door, state } = live;
  const marks = marksOf(state);
  return (
    <tr aria-rowindex={index}>
      <th scope="row">
        <PageLink to={`/doors/${id}`}>{door.name}</PageLink>
      </th>
      <td className="door-state">
        <DoorSign sign={state.sign} stale={state.stale !== null} marks={marks} size={24} />
        <span>{[sayDoor(state.sign), ...marks.map((mark) => sayDoor(mark))].join(' · ')}</span>
        {state.stale !== null && (
          <span title={sayDoor(state.stale)}>
            <StateBadge tone="warn">{sayDoor('stale')}</StateBadge>
          </span>
        )}
      </td>
      <td>{state.sign === 'no_lock' ? '–' : <When at={state.provedAt} distance />}</td>
      <td className="door-number">{state.batteryPercent === null ? '–' : `${state.batteryPercent} %`}</td>
      <td>{door.floor_id === null ? '–' : floorNames.get(door.floor_id)}</td>
      <td>{say(door.kind)}</td>
    </tr>
  );
});

function SortHead({
  name,
  direction,
  onSort,
}: {
  readonly name: SortKey;
  readonly direction: 'ascending' | 'descending' | undefined;
  readonly onSort: (by: SortKey) => void;
}): ReactNode {
  const say = useTexts(doorListTexts);
  const Icon = direction === undefined ? CaretSortIcon : direction === 'ascending' ? CaretUpIcon : CaretDownIcon;
  return (
    <th scope="col" aria-sort={direction ?? 'none'}>
      <button type="button" className="sort" title={say('sortBy', { column: say(name) })} onClick={() => onSort(name)}>
        {say(name)}
        <Icon aria-hidden />
      </button>
    </th>
  );
}
