import { existsSync, readFileSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { syncFolder, writeFileDurably } from '@cardea/kit-node';
import { ServerError } from '../errors.ts';

/** Name of the server's folder in the data folder. */
const SERVED = 'ras';
/** The swap that is under way: written before its first step, removed after its last. */
const INTENT = 'restore.json';
/** A folder that a restore builds beside the server's own. */
const STAGED = /^ras\.restore-[0-9a-f]{16}$/;
const ASIDE = /^ras\.before-restore-[0-9TZ]{16}(-\d+)?$/;

interface Intent {
  /** The folder to lay in place. */
  readonly staged: string;
  /** Where the present one goes. */
  readonly aside: string;
}

/** Called between any two durable steps: by it tests cut the power. */
export type BetweenSteps = (step: string) => void;

/**
 * Lays the folder `staged` (a path beside `ras/`) in the place of `ras/`, which is moved aside. It is complete and
 * synced already. Once this begins to move anything, it is carried through, by {@link finishSwap} if need be. Resolves
 * with the path of the folder that was moved aside, undefined when there was none.
 */
export async function swapIn(
  dataDir: string,
  staged: string,
  stamp: string,
  between: BetweenSteps,
): Promise<string | undefined> {
  let aside = `ras.before-restore-${stamp}`;
  for (let n = 2; existsSync(join(dataDir, aside)); n++) aside = `ras.before-restore-${stamp}-${n}`;
  const intent: Intent = { staged: basename(staged), aside };
  const had = existsSync(join(dataDir, SERVED));
  await writeFileDurably(join(dataDir, INTENT), `${JSON.stringify(intent)}\n`);
  between('intent');
  await carryOut(dataDir, intent, between);
  return had ? join(dataDir, aside) : undefined;
}

/**
 * Carries through a swap that a power cut has interrupted, and clears away what a restore left that never came so far.
 * To be called before anything looks at `ras/`. True when there was a swap.
 * @throws ServerError `folder` when what was to be laid in place is gone
 */
export async function finishSwap(dataDir: string, between: BetweenSteps = () => {}): Promise<boolean> {
  if (!existsSync(dataDir)) return false;
  const intent = readIntent(dataDir);
  if (intent !== undefined) await carryOut(dataDir, intent, between);
  for (const name of await readdir(dataDir)) {
    if (STAGED.test(name)) await rm(join(dataDir, name), { recursive: true });
  }
  return intent !== undefined;
}

async function carryOut(dataDir: string, { staged, aside }: Intent, between: BetweenSteps): Promise<void> {
  const place = join(dataDir, SERVED);
  if (existsSync(join(dataDir, staged))) {
    if (existsSync(place)) {
      await rename(place, join(dataDir, aside));
      await syncFolder(dataDir);
      between('aside');
    }
    await rename(join(dataDir, staged), place);
    await syncFolder(dataDir);
    between('in place');
  }
  if (!existsSync(place)) {
    throw new ServerError(
      'folder',
      `${join(dataDir, staged)} is gone, which was to be laid in place of ${place}`,
      `move ${join(dataDir, aside)} back to ${place}, or restore a backup again`,
    );
  }
  await rm(join(dataDir, INTENT));
  await syncFolder(dataDir);
}

function readIntent(dataDir: string): Intent | undefined {
  const path = join(dataDir, INTENT);
  if (!existsSync(path)) return undefined;
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const { staged, aside }: Readonly<Record<string, unknown>> =
    typeof json === 'object' && json !== null ? { ...json } : {};
  if (typeof staged !== 'string' || !STAGED.test(staged) || typeof aside !== 'string' || !ASIDE.test(aside)) {
    throw new ServerError(
      'folder',
      `${path} is not what a restore writes`,
      'remove it, and look at the folders beside it',
    );
  }
  return { staged, aside };
}
