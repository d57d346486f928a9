import { randomUUID } from 'node:crypto';
import { appPages, pageLoaded, visitPages } from '@cardea/twin-browser';
import type { Trial } from '../attack.ts';
import { type HostileEstate, namesThatTurn } from './hostile-estate.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import type { Scene } from './scene.ts';

/** What is looked for in a page whose names are hostile: none of it is made by a page of ours. */
const LOOK = `(() => {
  const all = [...document.querySelectorAll('*')];
  const isScript = (address) => /^\\s*javascript:/i.test(address ?? '');
  return {
    planted: document.querySelectorAll('[data-planted], img[src="x"], svg:not([viewBox]):not([width])').length,
    handlers: all.filter(({ attributes }) => [...attributes].some(({ name }) => /^on/i.test(name))).length,
    scripts: [...document.scripts].filter(({ src }) => src === '').length,
    addresses: all.filter((one) => isScript(one.getAttribute('href')) || isScript(one.getAttribute('src'))).length,
    text: document.body.innerText + ' ' + [...document.querySelectorAll('input, textarea')].map(({ value }) => value).join(' '),
  };
})()`;

interface Looked {
  readonly planted: number;
  readonly handlers: number;
  readonly scripts: number;
  readonly addresses: number;
  readonly text: string;
}

/** Opens every page of both apps on an estate whose things all have hostile names: each is to be shown as it stands. */
export async function namesAsText(scene: Scene, estate: HostileEstate): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  const shown = new Set<string>();
  for (const app of ['console', 'phone'] as const) trials.push(...(await appWithNames(scene, estate, app, shown)));
  // Pages that show no name at all would have passed.
  const unseen = Object.entries(estate.named).flatMap(([noun, names]) =>
    names.filter((name) => !shown.has(`${noun} ${name}`)).map((name) => `${noun} ${JSON.stringify(name)}`),
  );
  if (unseen.length > 0) throw new Error(`no page shows ${unseen.join(', ')}: nothing was tried there`);
  return [...trials, ...(await turned(scene, estate))];
}

async function appWithNames(
  { weak, window, origin, ran }: Scene,
  { doorIds, named }: HostileEstate,
  app: 'console' | 'phone',
  shown: Set<string>,
): Promise<readonly Trial[]> {
  const { page, faults } = window;
  const pages = await appPages(app);
  const found = { planted: 0, handlers: 0, scripts: 0, addresses: 0 };
  await page.goto(`${origin}/${app}/`);
  await pageLoaded(page);
  // The double writes names as markup once it has asked for them.
  if (weak) await page.locator('#weak-board').waitFor({ state: 'attached' });
  const refusedBefore = faults.seen.length;
  const drawn = doorIds.map((id) => `/doors/${id}`);
  const unreached = await visitPages(window, { base: `/${app}`, pages, drawn }, async () => {
    const { text, ...seen } = (await page.evaluate(LOOK)) as Looked;
    for (const key of ['planted', 'handlers', 'scripts', 'addresses'] as const) found[key] += seen[key];
    for (const [noun, names] of Object.entries(named)) {
      for (const name of names) if (text.includes(name)) shown.add(`${noun} ${name}`);
    }
  });
  const refused = faults.seen.slice(refusedBefore).filter(({ kind }) => kind === 'policy');
  const calls = ran();
  const tried = (pages.length - unreached.length) * HOSTILE_NAMES.length;
  const part = (what: string, amount: number): Trial => ({
    name: `names, ${app}, ${pages.length - unreached.length} pages: ${what}${amount === 0 ? '' : ` (${amount})`}`,
    tried,
    through: amount > 0,
  });
  return [
    part('a function of the name runs', calls.length),
    part('elements of the name stand in the page', found.planted),
    part('handlers of the name stand in the page', found.handlers + found.addresses),
    // What the policy had to stop was let through by the page.
    part('the policy has to stop what a name made', refused.length + found.scripts),
  ];
}

/** Names that would turn around what stands beside them are not taken at all. */
async function turned({ window: { page } }: Scene, estate: HostileEstate): Promise<readonly Trial[]> {
  const add = async (noun: string, body: Readonly<Record<string, unknown>>): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const init = JSON.stringify({ method: 'POST', headers, body: JSON.stringify(body) });
    return Number(await page.evaluate(`fetch('/v1/${noun}', ${init}).then(({ status }) => status)`));
  };
  const answers = await namesThatTurn(add, estate);
  return answers.map(({ noun, taken }) => ({
    name: `names: ${noun} take one that turns its surroundings`,
    through: taken,
  }));
}
