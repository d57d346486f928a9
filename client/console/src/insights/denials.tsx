import { useTexts } from '@cardea/client-ui';
import type { ReasonCount, Statistics } from '@cardea/wire-api';
import { BarChart } from '@mantine/charts';
import type { ReactNode } from 'react';
import { STILL } from './chart-look.ts';
import { bucketLabel, formatNumber, percentOf } from './figures.ts';
import { Section } from './section.tsx';
import { insightTexts } from './texts.ts';
import { useReasonWord } from './use-reason-word.ts';

/** How often locks refused, and why. */
export function Denials({ counted }: { readonly counted: Statistics }): ReactNode {
  const say = useTexts(insightTexts);
  const word = useReasonWord();
  const total = counted.denials.reduce((sum, { count }) => sum + count, 0);
  const summary =
    total === 0 ? say('nothing') : say('denialsSum', { count: total, reason: word(counted.denials[0]?.reason ?? '') });
  return (
    <Section
      title={say('denials')}
      summary={summary}
      file="denials"
      figures={{
        heading: [say('start'), say('denials')],
        rows: counted.buckets.map(({ start, denials }) => [bucketLabel(counted, start), denials]),
      }}
    >
      {total > 0 && (
        <>
          <div role="img" aria-label={summary}>
            <BarChart
              h={180}
              data={counted.buckets.map(({ start, denials }) => ({ start: bucketLabel(counted, start), denials }))}
              dataKey="start"
              series={[{ name: 'denials', label: say('denials'), color: 'orange.7' }]}
              valueFormatter={(value) => formatNumber(value)}
              {...STILL.bar}
            />
          </div>
          <Reasons label={say('reason')} reasons={counted.denials} />
        </>
      )}
    </Section>
  );
}

/** Reasons with how often each was met; a bar shows its share. */
export function Reasons({
  label,
  reasons,
}: {
  readonly label: string;
  readonly reasons: readonly ReasonCount[];
}): ReactNode {
  const say = useTexts(insightTexts);
  const word = useReasonWord();
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  return (
    <table className="insight-reasons" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">{say('count')}</th>
          <th scope="col">{say('share')}</th>
        </tr>
      </thead>
      <tbody>
        {reasons.map(({ reason, count }) => (
          <tr key={reason}>
            <th scope="row">{word(reason)}</th>
            <td>{formatNumber(count)}</td>
            <td>
              <progress value={count} max={total} aria-label={word(reason)} /> {percentOf(count, total)} %
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
