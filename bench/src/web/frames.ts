import { setTimeout as delay } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../measure.ts';
import { type BrowserEstate, EMPTY_PAGE } from './estate.ts';

export interface FrameOptions {
  readonly rounds: number;
  /** How long each side is looked at in a round. */
  readonly lookMs: number;
  /** Doors that change meanwhile. */
  readonly changesPerS: number;
}

/**
 * How evenly the console draws a plan of all doors: the gaps between its frames while hands move and zoom it and doors
 * change, against those of an empty page under the same hands and beside the same changes, in turn; and the longest task
 * of the plan's page, from its first octet on.
 */
export async function frames(
  estate: BrowserEstate,
  { rounds, lookMs, changesPerS }: FrameOptions,
): Promise<readonly Figure[]> {
  const window = await estate.open('long-tasks', 'frames');
  let changing = true;
  try {
    const plan = window.page;
    await plan.goto(`${estate.ras.url}/console/plan`);
    await plan.getByRole('listbox').waitFor();
    const loading = await longestTaskMs(plan);
    const empty = await window.context.newPage();
    await empty.goto(`${estate.ras.url}${EMPTY_PAGE}`);
    const gaps = { plan: [] as number[], empty: [] as number[] };
    const changes = keepChanging(estate, changesPerS, () => changing);
    for (let round = 0; round < rounds; round++) {
      const turn = [
        { page: plan, into: gaps.plan },
        { page: empty, into: gaps.empty },
      ];
      if (round % 2 === 1) turn.reverse();
      for (const { page, into } of turn) into.push(...(await look(page, lookMs)));
    }
    changing = false;
    const of = {
      doors: estate.doorIds.length,
      changes: await changes,
      frames: gaps.plan.length,
      plan_p50_ms: quantile(gaps.plan, 0.5),
      plan_p95_ms: quantile(gaps.plan, 0.95),
      empty_p50_ms: quantile(gaps.empty, 0.5),
      empty_p95_ms: quantile(gaps.empty, 0.95),
      longest_task_loading_ms: loading,
    };
    const name = `${of.doors} doors on the plan, moved and changing`;
    return [
      figure(
        `${name}: gap between frames / an empty page's, p95`,
        of.plan_p95_ms / of.empty_p95_ms,
        'ratio',
        '<= 2',
        of,
      ),
      figure(`${name}: longest task over 50 ms, 0 for none`, await longestTaskMs(plan), 'ms', '<= 50', of),
    ];
  } finally {
    changing = false;
    await window.close();
  }
}

type Page = Awaited<ReturnType<BrowserEstate['open']>>['page'];

const longestTaskMs = (page: Page): Promise<number> => page.evaluate('Math.max(0, ...benchLongTasks)');

/** The gaps between a page's frames while it is dragged to and fro and zoomed in and out. */
async function look(page: Page, lookMs: number): Promise<readonly number[]> {
  await page.bringToFront();
  await page.evaluate('benchFrames()');
  const until = performance.now() + lookMs;
  const { mouse } = page;
  await mouse.move(720, 450);
  for (let step = 0; performance.now() < until; step++) {
    await mouse.down();
    const angle = step / 3;
    await mouse.move(720 + 200 * Math.cos(angle), 450 + 120 * Math.sin(angle), { steps: 20 });
    await mouse.up();
    await mouse.wheel(0, step % 8 < 4 ? -120 : 120);
  }
  return page.evaluate('benchFramesEnd()');
}

/** Changes one door after the other at this rate; how many there were. */
async function keepChanging(estate: BrowserEstate, perS: number, goesOn: () => boolean): Promise<number> {
  const running: Promise<unknown>[] = [];
  for (let i = 0; goesOn(); i++) {
    const doorId = estate.doorIds[(i * 7919) % estate.doorIds.length] ?? '';
    running.push(estate.change(doorId, Math.floor(i / estate.doorIds.length) % 2 === 0));
    await delay(1000 / perS);
  }
  await Promise.all(running);
  return running.length;
}
