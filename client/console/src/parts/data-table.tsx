import { useTexts } from '@cardea/client-ui';
import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { CaretDownIcon, CaretSortIcon, CaretUpIcon } from '@radix-ui/react-icons';
import { type ReactNode, useMemo, useState } from 'react';
import type { More } from './pages-of.ts';
import { type Order, sortRows } from './sort-rows.ts';
import { partTexts } from './texts.ts';

/** One column of a table. */
export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the column is sorted by; without it, it is not sorted by. */
  readonly sort?: (row: Row) => string | number | null;
}

/**
 * A table of rows. Its first column names the row (put the link to the row's page there: that is how the keyboard reaches
 * it). Sorting is of what is loaded; `more` loads the next page. On a phone each row is a card.
 */
export function DataTable<Row>({
  label,
  rows,
  columns,
  rowKey,
  actions,
  more,
  order: firstOrder,
}: {
  /** What the rows are, for a screen reader. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What can be done with a row, at its end. */
  readonly actions?: (row: Row) => ReactNode;
  readonly more?: More;
  readonly order?: Order;
}): ReactNode {
  const say = useTexts(partTexts);
  const [order, setOrder] = useState<Order | undefined>(firstOrder);
  const sorted = useMemo(() => {
    const by = columns.find(({ key }) => key === order?.column)?.sort;
    return by === undefined || order === undefined ? rows : sortRows(rows, by, order.direction);
  }, [rows, columns, order]);
  return (
    <>
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} order={order} onOrder={setOrder} />
            ))}
            {actions !== undefined && (
              <th scope="col">
                <VisuallyHidden>{say('actions')}</VisuallyHidden>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ key, title, cell }, at) =>
                at === 0 ? (
                  <th key={key} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={key} data-label={title}>
                    <span>{cell(row)}</span>
                  </td>
                ),
              )}
              {actions !== undefined && (
                <td>
                  <Group justify="end" gap="xs" wrap="nowrap">
                    {actions(row)}
                  </Group>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <Group justify="space-between" px="sm" py="xs">
        <Text size="xs" c="dimmed" role="status">
          {more?.has ? say('rowsMore', { count: rows.length }) : say('rows', { count: rows.length })}
        </Text>
        {more?.has && (
          <Button size="xs" variant="default" loading={more.busy} onClick={more.load}>
            {say('more')}
          </Button>
        )}
      </Group>
    </>
  );
}

function HeadCell<Row>({
  column: { key, title, sort },
  order,
  onOrder,
}: {
  readonly column: Column<Row>;
  readonly order: Order | undefined;
  readonly onOrder: (order: Order) => void;
}): ReactNode {
  const say = useTexts(partTexts);
  if (sort === undefined) return <th scope="col">{title}</th>;
  const direction = order?.column === key ? order.direction : undefined;
  const Icon = direction === undefined ? CaretSortIcon : direction === 'ascending' ? CaretUpIcon : CaretDownIcon;
  return (
    <th scope="col" aria-sort={direction ?? 'none'}>
      <button
        type="button"
        className="sort"
        title={say('sortBy', { column: title })}
        onClick={() => onOrder({ column: key, direction: direction === 'ascending' ? 'descending' : 'ascending' })}
      >
        {title}
        <Icon aria-hidden />
      </button>
    </th>
  );
}
