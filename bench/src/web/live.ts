import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../measure.ts';
import { type BrowserEstate, EMPTY_PAGE } from './estate.ts';

/** The console's word for a door that stands open with its bolt drawn. */
const OPEN = 'Open';
const PAUSE_MS = 150;
const LOST_AFTER_MS = 5_000;

interface Paint {
  readonly atMs: number;
  readonly says: string;
}

interface Heard {
  readonly atMs: number;
  readonly doorId: string;
  readonly door: string;
}

/**
 * How long after a lock's answer has left its gateway the plan shows it (the frame is handed over, and the chosen door's
 * words say so too), against the same event's arrival in an empty page of the same browser that follows the stream by bare
 * fetch. One change at a time; both sides hear each.
 */
export async function live(
  estate: BrowserEstate,
  { changes }: { readonly changes: number },
): Promise<readonly Figure[]> {
  const shown = await estate.open('paints');
  const bare = await estate.open('bare-stream');
  try {
    await bare.page.goto(`${estate.ras.url}${EMPTY_PAGE}`);
    await bare.page.evaluate('benchBare()');
    await shown.page.goto(`${estate.ras.url}/console/plan`);
    const plan = shown.page.getByRole('listbox');
    await plan.focus();
    await shown.page.keyboard.press('Home');
    const said = (await plan.getByRole('option').textContent()) ?? '';
    const doors = await estate.client.doors.page({ limit: 1000 });
    const chosen = doors.items.find(({ name }) => said.startsWith(name));
    if (chosen === undefined) throw new Error(`the plan chose no door that is known: ${said}`);

    const stoodOpen = said.includes(OPEN);
    const painted: number[] = [];
    const heard: number[] = [];
    for (let i = 0; i < changes; i++) {
      const open = (i % 2 === 0) !== stoodOpen;
      const leftAtMs = await estate.change(chosen.id, open);
      const paint = await first(
        async () => await shown.page.evaluate<readonly Paint[]>('benchPaints.splice(0)'),
        ({ atMs, says }) => atMs >= leftAtMs && says.includes(OPEN) === open,
      );
      const event = await first(
        async () => await bare.page.evaluate<readonly Heard[]>('benchHeard.splice(0)'),
        ({ doorId, door }) => doorId === chosen.id && (door === 'open') === open,
      );
      painted.push(paint.atMs - leftAtMs);
      heard.push(event.atMs - leftAtMs);
      await delay(PAUSE_MS);
    }
    const of = {
      doors: estate.doorIds.length,
      changes,
      shown_p50_ms: quantile(painted, 0.5),
      shown_p95_ms: quantile(painted, 0.95),
      bare_p50_ms: quantile(heard, 0.5),
      bare_p95_ms: quantile(heard, 0.95),
    };
    return [
      figure(
        'a change of a lock until it is on the screen / until a bare stream has it, p95',
        of.shown_p95_ms / of.bare_p95_ms,
        'ratio',
        '<= 3',
        of,
      ),
    ];
  } finally {
    await shown.close();
    await bare.close();
  }
}

/** The first of what `take` gives that is wanted. @throws Error when it does not come */
async function first<T>(take: () => Promise<readonly T[]>, wanted: (one: T) => boolean): Promise<T> {
  for (let waitedMs = 0; waitedMs < LOST_AFTER_MS; waitedMs += 20) {
    const found = (await take()).find(wanted);
    if (found !== undefined) return found;
    await delay(20);
  }
  throw new Error('a change of a lock did not come to the browser');
}
