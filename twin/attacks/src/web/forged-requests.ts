import { randomUUID } from 'node:crypto';
import type { Window } from '@cardea/twin-browser';
import type { Trial } from '../attack.ts';
import type { HostileEstate } from './hostile-estate.ts';
import type { HostileSite } from './hostile-site.ts';
import type { Scene } from './scene.ts';

/** How a page of another site makes the person's browser ask for something: the text of a function's body. */
type Vector = (target: string, name: string) => string;

const text = JSON.stringify;
const property = (name: string): string => text({ time_zone: 'UTC', region: 'eu', name });
const JSON_HEADERS = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };

/** A form that the page itself sends: the browser goes where it leads, with all that it has for that place. */
function form(target: string, type: string, fields: Readonly<Record<string, string>>): string {
  return `
    const form = Object.assign(document.createElement('form'), { action: ${text(target)}, method: 'post', enctype: ${text(type)} });
    for (const [name, value] of Object.entries(${text(fields)})) form.append(Object.assign(document.createElement('input'), { name, value }));
    document.body.append(form);
    form.submit();`;
}

/** A plain-text form whose one field, its name and its value with `=` between them, is a JSON object. */
function jsonForm(target: string, json: string): string {
  const at = json.lastIndexOf('=');
  return form(target, 'text/plain', { [json.slice(0, at)]: json.slice(at + 1) });
}

const ask = (target: string, more: Readonly<Record<string, unknown>>): string =>
  `fetch(${text(target)}, ${text({ credentials: 'include', ...more })}).catch(() => undefined);`;

/** Each makes a property of a name, if the door lets it. */
const BY_FORM: Readonly<Record<string, Vector>> = {
  'a form of plain text that reads as JSON': (target, name) => jsonForm(target, property(`${name}=`)),
  'a form': (target, name) =>
    form(target, 'application/x-www-form-urlencoded', { name, time_zone: 'UTC', region: 'eu' }),
};
const BY_SCRIPT: Readonly<Record<string, Vector>> = {
  'a request that asks for no leave': (target, name) =>
    ask(target, { method: 'POST', mode: 'no-cors', body: property(name) }),
  'a request that outlives its page': (target, name) =>
    ask(target, { method: 'POST', mode: 'no-cors', keepalive: true, body: property(name) }),
  'a request that asks for leave': (target, name) =>
    ask(target, { method: 'POST', headers: JSON_HEADERS, body: property(name) }),
};

/** Has the person's browser ask `target`, and waits until that is over. */
type Make = (target: string, body: string) => Promise<void>;

/**
 * Tries to change something by the person's session, from a page of either other site. What a page asks for by itself goes
 * without cookies to another site in today's browsers, whatever the cookie allows: there it is forms that are tried.
 */
export async function forgedRequests(scene: Scene, estate: HostileEstate): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const site of scene.sites) {
    const page = scene.aside;
    const make: Make = (target, body) => made(page, site, target, body);
    const vectors = { ...BY_FORM, ...(site.sameSite ? BY_SCRIPT : {}) };
    for (const [what, vector] of Object.entries(vectors)) {
      const name = `forged ${randomUUID()}`;
      const target = `${scene.origin}/v1/properties`;
      await make(target, vector(target, name));
      const all = (await scene.api.properties.page({ limit: 100 })).items;
      trials.push(
        from(
          site,
          `${what} adds a property`,
          all.some((one) => one.name.startsWith(name)),
        ),
      );
    }
    trials.push(await signsIn(scene, site, make));
    if (site.sameSite)
      trials.push(...(await changes(scene, estate, site, make)), await signsOut(scene, site, page, make));
  }
  return trials;
}

async function made(page: Window['page'], { origin }: HostileSite, target: string, body: string): Promise<void> {
  await page.goto(`${origin}/`);
  // The answer has begun or the browser has refused it; whether its end is told depends on who was to read it.
  const over = Promise.race([
    page.waitForEvent('response', (response) => response.url() === target && response.request().method() !== 'OPTIONS'),
    page.waitForEvent('requestfailed', (request) => request.url() === target),
  ]);
  // A form takes the page along: the next step would cross it on its way.
  const moved = body.includes('.submit()') ? page.waitForURL(target) : undefined;
  await Promise.all([over, moved, page.evaluate(`void setTimeout(() => { ${body} }, 0)`)]);
}

async function changes(
  { origin, api }: Scene,
  { propertyId }: HostileEstate,
  site: HostileSite,
  make: Make,
): Promise<readonly Trial[]> {
  const { id } = await api.properties.add({ name: 'Spare', time_zone: 'UTC', region: 'eu' });
  const target = `${origin}/v1/properties/${id}`;
  await make(target, ask(target, { method: 'PATCH', headers: JSON_HEADERS, body: text({ name: 'Forged' }) }));
  const renamed = (await api.properties.get(id)).name !== 'Spare';
  await make(target, ask(target, { method: 'DELETE' }));
  const left = (await api.properties.page({ limit: 100 })).items;
  if (!left.some((one) => one.id === propertyId)) throw new Error('the estate itself is gone');
  return [
    from(site, 'a request to change renames a property', renamed),
    from(site, 'a request to delete removes a property', !left.some((one) => one.id === id)),
  ];
}

/** Somebody else's account, into which the person would then type what is to stay his own. */
async function signsIn({ origin, api, window }: Scene, site: HostileSite, make: Make): Promise<Trial> {
  const email = `hostile-${new URL(site.origin).hostname}@example.org`;
  const password = 'a long=passphrase';
  await api.persons.add({ name: 'Guest 1', email, role: 'guest', password });
  const before = await window.context.cookies(origin);
  const target = `${origin}/v1/sessions`;
  await make(target, jsonForm(target, text({ cookie: true, email, password })));
  const after = await window.context.cookies(origin);
  await window.context.addCookies(before);
  const value = (cookies: typeof before): string | undefined =>
    cookies.find(({ name }) => name === '__Host-cardea')?.value;
  return from(site, 'a form signs the person in as somebody else', value(before) !== value(after));
}

async function signsOut(
  { origin, window, signIn }: Scene,
  site: HostileSite,
  page: Window['page'],
  make: Make,
): Promise<Trial> {
  const target = `${origin}/v1/sessions/current`;
  await make(target, ask(target, { method: 'DELETE' }));
  await page.goto(`${origin}/console/`);
  const status = Number(await page.evaluate(`fetch('/v1/me').then(({ status }) => status)`));
  if (status !== 200) {
    await window.context.clearCookies();
    await page.evaluate('localStorage.clear()');
    await signIn();
  }
  return from(site, 'a request to delete signs the person out', status !== 200);
}

function from({ what }: HostileSite, tried: string, through: boolean): Trial {
  return { name: `forged by ${what}: ${tried}`, through };
}
