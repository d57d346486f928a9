import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { type Client, createClient } from '@cardea/client-sdk';
import { type Browser, launchBrowser, type Window } from '@cardea/twin-browser';
import { type EstateProcess, startEstate } from '../estate-process.ts';

/** An estate and a browser that trusts it, for one file of tests. */
export interface WebEstate {
  readonly estate: EstateProcess;
  readonly browser: Browser;
  /** For instance `https://localhost:41234`. */
  readonly origin: string;
  /** The owner, whose password has been changed as it has to be. */
  readonly owner: { readonly email: string; readonly password: string };
  /** The API as the owner has it, to set the scene and to compare. */
  readonly api: Client;
  close(): Promise<void>;
}

/** Starts both; `dbusAddress` gives the browser Bluetooth. */
export async function startWebEstate(
  options: { readonly demo?: 'hotel' | 'none'; readonly dbusAddress?: string } = {},
): Promise<WebEstate> {
  const estate = await startEstate({ demo: options.demo ?? 'hotel' });
  let browser: Browser | undefined;
  try {
    const profile = readProfile(join(estate.dataDir, 'cli.json'));
    const authorityFile = profile.caFile ?? '';
    browser = await launchBrowser({
      authorityPem: readFileSync(authorityFile, 'utf8'),
      ...(options.dbusAddress !== undefined && { dbusAddress: options.dbusAddress }),
    });
    const fetch = fetchTrusting(authorityFile);
    const owner = { email: printed(estate, 'operator'), password: randomBytes(12).toString('base64url') };
    const first = printed(estate, 'password');
    const signedIn = await createClient({ url: profile.url, fetch }).signIn(owner.email, first);
    const api = createClient({ url: profile.url, token: signedIn.token ?? '', fetch });
    await api.changePassword(first, owner.password);
    const started = browser;
    return {
      estate,
      browser,
      origin: profile.url,
      owner,
      api,
      async close() {
        await started.close();
        await estate.remove();
      },
    };
  } catch (error) {
    await browser?.close();
    await estate.remove();
    throw error;
  }
}

/** Signs in to the console at `path`, in a window whose language is English. */
export async function signIn({ page }: Window, { origin, owner }: WebEstate, path = ''): Promise<void> {
  await page.goto(`${origin}/console${path}`);
  await page.getByLabel('E-mail or phone number').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: /^Account: / }).waitFor();
}

/** What a start printed beside a word. */
function printed({ output }: EstateProcess, word: string): string {
  const found = new RegExp(`^${word}\\s+(\\S+)$`, 'm').exec(output())?.[1];
  if (found === undefined) throw new Error(`the start printed no ${word}:\n${output()}`);
  return found;
}
