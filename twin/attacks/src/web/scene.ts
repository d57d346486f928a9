import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchTrusting } from '@cardea/client-cli';
import { type Client, createClient, tokenOf } from '@cardea/client-sdk';
import { runServer } from '@cardea/server-main';
import { type Browser, launchBrowser, type Window } from '@cardea/twin-browser';
import { forge, SERVER_AUTH } from '../certificates/forge.ts';
import { type HostileSite, openHostileSite } from './hostile-site.ts';
import { openWeakDoor } from './weak-door.ts';
import { within } from './within.ts';

/** How long one thing may take to close. */
const CLOSED_WITHIN_MS = 15_000;
/** How long both apps may take to be built on a busy machine. */
const BUILT_WITHIN_MS = 120_000;
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Does what is named, in what is left of the run's time. @throws Error when there is none left */
export type InTime = <T>(what: string, work: () => Promise<T>) => Promise<T>;

/** Somebody who has signed in, in a real browser that also opens sites of others. */
export interface Scene {
  readonly weak: boolean;
  /** Where the browser finds the web apps: the server as it ships, or its weak double. */
  readonly origin: string;
  /** The server behind either, as its owner has it. */
  readonly api: Client;
  readonly owner: { readonly email: string; readonly password: string };
  readonly window: Window;
  /** A second page beside that of the window, with the same session: for other sites, and for what is injected. */
  readonly aside: Window['page'];
  /** A site on another port of the same host, which browsers hold to be of the same site; and one of another host. */
  readonly sites: readonly HostileSite[];
  /** Calls of `canary` in any page since the last time: what ran that must not. */
  ran(): readonly string[];
  /** Signs the person in, in the browser. @returns the answer to the sign-in, as the page has it */
  signIn(): Promise<string>;
  close(): Promise<void>;
}

/** Starts the server, both apps built, the sites of others and the browser; before it stands the weak double, if asked for. */
export async function openScene(weak: boolean, inTime: InTime): Promise<Scene> {
  await buildApps();
  const folder = mkdtempSync(join(tmpdir(), 'cardea-43-'));
  const opened: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    // What does not end by itself ends with this process; it must not keep the result from being told.
    for (const end of opened.splice(0).reverse()) {
      await within('the end', CLOSED_WITHIN_MS, async () => end()).catch((error: unknown) => {
        process.stderr.write(`attack 43, ${error instanceof Error ? error.message : String(error)}\n`);
      });
    }
  };
  const open = async (): Promise<Scene> => {
    const server = await runServer({
      ...{ dataDir: folder, flags: { port: 0, xmppPort: 0 }, environment: {}, webDir: join(ROOT, 'dist') },
      logTo: { kind: 'file', path: join(folder, 'server.log') },
    });
    opened.push(() => server.stop());
    const caFile = server.caFile ?? '';
    const { api, owner } = await takeOver(server.url, caFile, server.firstOwner);
    const authority = await forge({ subject: 'An authority that the browser trusts', authority: true });
    const certificate = await forge({
      ...{ subject: 'Somebody else', names: ['localhost', '127.0.0.1'], issuer: authority, uses: [SERVER_AUTH] },
    });
    const ca = readFileSync(caFile, 'utf8');
    const door = weak ? await openWeakDoor({ port: Number(new URL(server.url).port), ca }, certificate) : undefined;
    if (door !== undefined) opened.push(() => door.close());
    const sites = await Promise.all([
      openHostileSite({ what: 'a neighbour on another port', host: 'localhost', sameSite: true }, certificate),
      openHostileSite({ what: 'another site', host: '127.0.0.1', sameSite: false }, certificate),
    ]);
    for (const site of sites) opened.push(() => site.close());
    const browser: Browser = await launchBrowser({ authorityPem: [ca, authority.pem] });
    opened.push(() => browser.close());
    const window = await browser.open();
    const aside = await window.context.newPage();
    let ran: string[] = [];
    await window.context.exposeBinding('canary', ({ page }, what: unknown) => {
      ran.push(`${what} on ${new URL(page.url()).pathname}`);
    });
    const origin = door?.origin ?? new URL(server.url).origin;
    return {
      ...{ weak, origin, api, owner, window, aside, sites, close },
      ran() {
        const seen = ran;
        ran = [];
        return seen;
      },
      signIn: () => signIn(window, origin, owner),
    };
  };
  try {
    return await inTime('the server and the browser', open);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Builds what is not built, as `npm start` does. */
async function buildApps(): Promise<void> {
  const script = join(ROOT, 'scripts', 'build-web.mjs');
  const child = spawn(process.execPath, [script, '--quiet'], {
    ...{ cwd: ROOT, timeout: BUILT_WITHIN_MS },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error(
      `the web apps could not be built: the build ended with ${code ?? `nothing within ${BUILT_WITHIN_MS} ms`}`,
    );
}

async function takeOver(
  url: string,
  caFile: string,
  first: { readonly email: string; readonly password: { reveal(): string } } | undefined,
): Promise<Pick<Scene, 'api' | 'owner'>> {
  if (first === undefined) throw new Error('a new server has no owner');
  const fetch = fetchTrusting(caFile);
  const session = await createClient({ url, fetch }).signIn(first.email, first.password.reveal());
  const api = createClient({ url, fetch, token: tokenOf(session) });
  const owner = { email: first.email, password: randomBytes(12).toString('base64url') };
  await api.changePassword(first.password.reveal(), owner.password);
  return { api, owner };
}

async function signIn({ page }: Window, origin: string, { email, password }: Scene['owner']): Promise<string> {
  await page.goto(`${origin}/console/`);
  await page.getByLabel('E-mail or phone number').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/v1/sessions');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const answer = await (await answered).text();
  await page.getByRole('button', { name: /^Account: / }).waitFor();
  return answer;
}
