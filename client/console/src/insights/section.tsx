import { useTexts } from '@cardea/client-ui';
import { Button, Stack, Text } from '@mantine/core';
import { DownloadIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { saveBlob } from '../audit/save-file.ts';
import { Panel } from '../parts/page.tsx';

import { csvOf } from './csv.ts';
import { insightTexts } from './texts.ts';

/** Figures as a table: what a chart shows, for whoever does not see it, and for the file. */
export interface Figures {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** One part of the page: what its figures say in a sentence, a chart of them, the same as a table, and as a file. */
export function Section({
  title,
  summary,
  figures,
  file,
  children,
}: {
  readonly title: string;
  readonly summary: string;
  readonly figures: Figures;
  /** What the file is called, without its ending. */
  readonly file: string;
  readonly children: ReactNode;
}): ReactNode {
  const say = useTexts(insightTexts);
  return (
    <Panel
      title={title}
      actions={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<DownloadIcon aria-hidden />}
          aria-label={say('downloadOf', { what: title })}
          onClick={() =>
            saveBlob(
              new Blob([csvOf(figures.heading, figures.rows)], { type: 'text/csv;charset=utf-8' }),
              `${file}.csv`,
            )
          }
        >
          {say('download')}
        </Button>
      }
    >
      <Stack gap="sm">
        <Text size="sm">{summary}</Text>
        {children}
        <details>
          <summary className="insight-summary">{say('asTable')}</summary>
          <FigureTable label={say('tableOf', { what: title })} figures={figures} />
        </details>
      </Stack>
    </Panel>
  );
}

/** So many rows are shown; the file has all. */
const ROWS_SHOWN = 800;

function FigureTable({ label, figures: { heading, rows } }: { readonly label: string; readonly figures: Figures }) {
  return (
    // Wide tables are scrolled sideways by themselves, by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard (WCAG 2.2, 2.1.1)
    <section className="insight-scroll" aria-label={label} tabIndex={0}>
      <table className="insight-table">
        <thead>
          <tr>
            {heading.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, ROWS_SHOWN).map((row) => (
            <tr key={String(row[0])}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={heading[at]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={heading[at]}>{cell ?? '–'}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
