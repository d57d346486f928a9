import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRandom, writeFileDurably } from '@cardea/kit-node';
import { fromHex, toBase64, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { VirtualLockIdentity } from '@cardea/lock';
import { caseLabelOf } from './case-label.ts';
import { buildDemo, createMakerKeys, type Demo, type DemoMaker, type MakerKeys, makeLocks } from './demo.ts';

/**
 * The locks of the building in `folder`: yesterday's, or new ones. Written last and whole, locks.json says that a building
 * is there: {identifier, maker, model, bluetooth, mtu, factory_key (hex), printed_code, serial_key (hex)} each, mode 0600 like the manifests.
 * labels.json holds what is printed on each of their cases ({@link caseLabelOf}), for whoever stands before them.
 */
export async function loadDemo(folder: string, nowMs: number): Promise<readonly VirtualLockIdentity[]> {
  await mkdir(join(folder, 'locks'), { recursive: true, mode: 0o700 });
  return loadLocks(folder, async () => {
    const keys = await loadMakerKeys(folder, ['cardea', 'maker2']);
    return buildDemo({
      random: systemRandom,
      issuedAtMs: nowMs,
      keysOf: (maker) => keys.get(maker) ?? createMakerKeys(systemRandom),
    });
  });
}

/**
 * One lock in a folder of its own, made at the first call with its manifest beside it, by the makers of `makersFolder`: a
 * building's, so that the estate that knows those takes the manifest.
 */
export async function loadSingleLock(
  folder: string,
  makersFolder: string,
  lock: { readonly identifier: string; readonly maker: VirtualLockIdentity['maker'] },
  nowMs: number,
): Promise<VirtualLockIdentity> {
  const { identifier, maker } = lock;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(makersFolder, { recursive: true, mode: 0o700 });
  const [own] = await loadLocks(folder, async () => {
    const keys = (await loadMakerKeys(makersFolder, [maker])).get(maker) ?? createMakerKeys(systemRandom);
    const made = await makeLocks(
      { maker, model: `${maker}-single`, modelNumber: 0x0301, locks: [{ identifier, bluetooth: '5.0' }] },
      { keys, random: systemRandom, issuedAtMs: nowMs },
    );
    return { locks: made.locks, makers: [made.maker] };
  });
  if (own === undefined)
    throw new Error(`${join(folder, 'locks.json')}: holds no lock; remove the folder to start anew`);
  return own;
}

async function loadLocks(folder: string, make: () => Promise<Demo>): Promise<readonly VirtualLockIdentity[]> {
  const path = join(folder, 'locks.json');
  const known = await readIfThere(path);
  const locks = known === undefined ? await makeAndStore(folder, make) : parseLocks(path, known);
  await keepLabels(join(folder, 'labels.json'), locks);
  return locks;
}

/** Written when it is not there, or is about other locks. */
async function keepLabels(path: string, locks: readonly VirtualLockIdentity[]): Promise<void> {
  const text = JSON.stringify(locks.map(caseLabelOf), undefined, 2);
  if ((await readIfThere(path)) !== text) await writeFileDurably(path, text);
}

async function makeAndStore(folder: string, make: () => Promise<Demo>): Promise<readonly VirtualLockIdentity[]> {
  const { locks, makers } = await make();
  for (const each of makers) {
    await writeFileDurably(join(folder, `manifest-${each.maker}.json`), JSON.stringify(parcelOf(each), undefined, 2));
  }
  const stored = locks.map(({ factoryKey, printedCode, serialKey, ...plain }) => ({
    ...plain,
    factory_key: toHex(factoryKey.reveal()),
    printed_code: printedCode?.reveal() ?? '',
    ...(serialKey !== undefined && { serial_key: toHex(serialKey.reveal()) }),
  }));
  await writeFileDurably(join(folder, 'locks.json'), JSON.stringify(stored, undefined, 2));
  return locks;
}

/** The makers' keys in makers.json (mode 0600): {maker: {signing_key, transport_key}} in hex; missing makers are added. */
async function loadMakerKeys(folder: string, makers: readonly string[]): Promise<ReadonlyMap<string, MakerKeys>> {
  const path = join(folder, 'makers.json');
  const known = await readIfThere(path);
  const stored: Record<string, unknown> = known === undefined ? {} : JSON.parse(known);
  const keys = new Map<string, MakerKeys>();
  let added = false;
  for (const maker of makers) {
    const found = stored[maker];
    if (found === undefined) {
      const made = createMakerKeys(systemRandom);
      keys.set(maker, made);
      stored[maker] = {
        signing_key: toHex(made.signingKey.reveal()),
        transport_key: toHex(made.transportKey.reveal()),
      };
      added = true;
    } else keys.set(maker, parseMakerKeys(path, maker, found));
  }
  if (added) await writeFileDurably(path, JSON.stringify(stored, undefined, 2));
  return keys;
}

function parseMakerKeys(path: string, maker: string, found: unknown): MakerKeys {
  const { signing_key, transport_key }: Readonly<Record<string, unknown>> =
    typeof found === 'object' && found !== null ? { ...found } : {};
  const key = (value: unknown): Secret => {
    if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw new Error(`${path}: ${maker} is not valid`);
    return new Secret(fromHex(value));
  };
  return { signingKey: key(signing_key), transportKey: key(transport_key) };
}

function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
}

/** What an operator imports: the manifest with what the maker handed over by another way. */
export function parcelOf({ manifest, publicKey, transportKey }: DemoMaker): Record<string, unknown> {
  return { manifest, maker_key: toBase64(publicKey), transport_key: toBase64(transportKey.reveal()) };
}

function parseLocks(path: string, text: string): readonly VirtualLockIdentity[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error(`${path}: must be a list of locks`);
  return list.map((value: unknown, at): VirtualLockIdentity => {
    const found: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
    const bad = (field: string): Error =>
      new Error(`${path}: [${at}].${field} is not valid; remove the twin folder to start anew`);
    const { identifier, maker, model, bluetooth, mtu, factory_key, printed_code, serial_key } = found;
    if (typeof identifier !== 'string' || !/^[0-9A-F]{12}$/.test(identifier)) throw bad('identifier');
    if (maker !== 'cardea' && maker !== 'cardea-legacy' && maker !== 'maker2') throw bad('maker');
    if (typeof model !== 'number') throw bad('model');
    if (bluetooth !== '4.2' && bluetooth !== '5.0') throw bad('bluetooth');
    if (typeof mtu !== 'number') throw bad('mtu');
    if (typeof factory_key !== 'string' || !/^[0-9a-f]{32}$/.test(factory_key)) throw bad('factory_key');
    if (typeof printed_code !== 'string') throw bad('printed_code');
    const hasSerialKey = serial_key !== undefined;
    if (hasSerialKey && (typeof serial_key !== 'string' || !/^[0-9a-f]{64}$/.test(serial_key))) throw bad('serial_key');
    return {
      identifier,
      maker,
      model,
      bluetooth,
      mtu,
      factoryKey: new Secret(fromHex(factory_key)),
      printedCode: printed_code === '' ? undefined : new Secret(printed_code),
      // Locks of an earlier make have none: they sign no heads.
      serialKey: typeof serial_key === 'string' ? new Secret(fromHex(serial_key)) : undefined,
    };
  });
}
