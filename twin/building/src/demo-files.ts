import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRandom, writeFileDurably } from '@cardea/kit-node';
import { fromHex, toBase64, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { VirtualLockIdentity } from '@cardea/lock';
import { buildDemo, type DemoMaker } from './demo.ts';

/**
 * The locks of the building in `folder`: yesterday's, or new ones. Written last and whole, locks.json says that a building
 * is there: {identifier, maker, model, bluetooth, mtu, factory_key (hex), printed_code} each, mode 0600 like the manifests.
 */
export async function loadDemo(folder: string, nowMs: number): Promise<readonly VirtualLockIdentity[]> {
  await mkdir(join(folder, 'locks'), { recursive: true, mode: 0o700 });
  const path = join(folder, 'locks.json');
  const known = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (known !== undefined) return parseLocks(path, known);
  const { locks, makers } = await buildDemo({ random: systemRandom, issuedAtMs: nowMs });
  for (const each of makers) {
    await writeFileDurably(join(folder, `manifest-${each.maker}.json`), JSON.stringify(parcelOf(each), undefined, 2));
  }
  const stored = locks.map(({ factoryKey, printedCode, ...plain }) => ({
    ...plain,
    factory_key: toHex(factoryKey.reveal()),
    printed_code: printedCode?.reveal() ?? '',
  }));
  await writeFileDurably(path, JSON.stringify(stored, undefined, 2));
  return locks;
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
    const { identifier, maker, model, bluetooth, mtu, factory_key, printed_code } = found;
    if (typeof identifier !== 'string' || !/^[0-9A-F]{12}$/.test(identifier)) throw bad('identifier');
    if (maker !== 'cardea' && maker !== 'cardea-legacy' && maker !== 'maker2') throw bad('maker');
    if (typeof model !== 'number') throw bad('model');
    if (bluetooth !== '4.2' && bluetooth !== '5.0') throw bad('bluetooth');
    if (typeof mtu !== 'number') throw bad('mtu');
    if (typeof factory_key !== 'string' || !/^[0-9a-f]{32}$/.test(factory_key)) throw bad('factory_key');
    if (typeof printed_code !== 'string') throw bad('printed_code');
    return {
      identifier,
      maker,
      model,
      bluetooth,
      mtu,
      factoryKey: new Secret(fromHex(factory_key)),
      printedCode: printed_code === '' ? undefined : new Secret(printed_code),
    };
  });
}
