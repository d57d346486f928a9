import { readFileSync } from 'node:fs';
import type { Client } from '@cardea/client-sdk';
import { systemClock } from '@cardea/kit-node';
import { type Browser, launchBrowser, type Window } from '@cardea/twin-browser';
import type { FromGateway } from '@cardea/wire-route';
import { signInFleet } from '../fleet/gateways.ts';
import { planFleet } from '../fleet/plan.ts';
import { clientOf } from '../ras/client.ts';
import { type MeasuredRas, startMeasuredRas } from '../ras/measured-ras.ts';

/** One property of many doors, its gateway and server, and a browser that trusts it. */
export interface BrowserEstate {
  readonly ras: MeasuredRas;
  readonly browser: Browser;
  readonly client: Client;
  readonly doorIds: readonly string[];
  /** Makes a door stand open or closed and asks its lock; the moment at which the lock's answer left, milliseconds. */
  change(doorId: string, open: boolean): Promise<number>;
  /** A window whose viewer is signed in, with scripts of `page/` that run before those of each page. */
  open(...scripts: readonly PageScript[]): Promise<Window>;
  stop(): Promise<void>;
}

/** A file of `page/`. */
export type PageScript = 'long-tasks' | 'frames' | 'paints' | 'bare-stream';

/** Where there is nothing of ours: an address below the server's own, answered by the browser's harness. */
export const EMPTY_PAGE = '/console/nothing-here';

/** Starts all of it. */
export async function startBrowserEstate(doors: number): Promise<BrowserEstate> {
  const size = { gateways: 1, locksEach: doors, proved: true };
  const ends: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const ras = await startMeasuredRas('durable', size);
    ends.push(() => ras.stop());
    const plan = planFleet(size);
    const locks = plan.flatMap((gateway) => gateway.locks);
    const leftAtMs = new Map<string, number>();
    const told = (report: FromGateway, tookMs: number): void => {
      leftAtMs.set(report.lock, performance.timeOrigin + performance.now() - tookMs);
    };
    const gateways = await signInFleet(plan, ras, systemClock(), told);
    ends.push(async () => {
      for (const gateway of gateways) await gateway.stop();
    });
    const placeOf = new Map(
      gateways.flatMap((gateway) => gateway.locks.map((lock) => [lock.doorId, { gateway, lock }] as const)),
    );
    const browser = await launchBrowser({ authorityPem: ras.ca });
    ends.push(() => browser.close());
    const client = clientOf(ras);
    return {
      ras,
      browser,
      client,
      doorIds: locks.map(({ doorId }) => doorId),
      async change(doorId, open) {
        const place = placeOf.get(doorId);
        if (place === undefined) throw new Error(`there is no door ${doorId}`);
        const { gateway, lock } = place;
        gateway.lock(lock.identifier).doorIs(open);
        await client.status(doorId);
        return leftAtMs.get(lock.identifier) ?? Number.NaN;
      },
      async open(...scripts) {
        const window = await browser.open();
        await window.context.addCookies([
          { name: '__Host-cardea', value: ras.token, url: ras.url, secure: true, httpOnly: true, sameSite: 'Strict' },
        ]);
        await window.context.route(`**${EMPTY_PAGE}`, (route) =>
          route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Empty</title>' }),
        );
        await window.context.addInitScript("localStorage.setItem('cardea.signed-in', 'yes')");
        for (const name of scripts) {
          await window.context.addInitScript(readFileSync(new URL(`page/${name}.js`, import.meta.url), 'utf8'));
        }
        return window;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
