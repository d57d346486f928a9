import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectTcp, verifyP256 } from '@cardea/kit-node';
import { runBuilding } from '@cardea/twin-building';
import { joinAir, parseHubAddress } from '@cardea/wire-air';
import { parseManifest, verifyManifest } from '@cardea/wire-manifest';
import { expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/cardea.mjs', import.meta.url));

function lockRun(dataDir: string, ...more: string[]) {
  const child = spawn(process.execPath, [BIN, 'lock', 'run', '--json', '--data', dataDir, ...more]);
  const text = { out: '', err: '' };
  child.stderr.on('data', (chunk: Buffer) => {
    text.err += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const ready = new Promise<Record<string, string>>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text.out += chunk.toString();
      if (text.out.endsWith('}\n')) resolve(JSON.parse(text.out));
    });
    void ended.then((code) => reject(new Error(`ended with ${code}: ${text.err}`)));
  });
  ready.catch(() => {});
  return { child, text, ended, ready };
}

it('a lock in a process of its own joins the air, takes faults, and its manifest is of the makers of the building', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-lock-'));
  const building = await runBuilding({ dataDir });
  try {
    const own = lockRun(dataDir, '--identifier', 'c0:ff:ee:00:00:01');
    const said = await own.ready;
    expect(said).toMatchObject({ identifier: 'C0FFEE000001', maker: 'cardea' });
    expect(said.printed_code).toMatch(/^\d{8}$/);
    expect(said.serial_key).toMatch(/^([0-9A-F]{4} ){7}[0-9A-F]{4}$/);
    const shownKey = said.serial_key?.replaceAll(' ', '');
    expect(said.qr).toBe(`CARDEA:LOCK:C0FFEE000001/SK-${shownKey}`);

    const manifestFile = said.manifest ?? '';
    expect(statSync(manifestFile).mode & 0o777).toBe(0o600);
    const parcel = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const key = new Uint8Array(Buffer.from(parcel.maker_key, 'base64'));
    const verify = (...args: Parameters<typeof verifyP256>) => Promise.resolve(verifyP256(...args));
    expect(await verifyManifest(parseManifest(parcel.manifest), key, verify)).toBe(true);
    const buildings = JSON.parse(readFileSync(join(dataDir, 'twin', 'manifest-cardea.json'), 'utf8'));
    expect(parcel.maker_key).toBe(buildings.maker_key);

    const hub = parseHubAddress(JSON.parse(readFileSync(join(dataDir, 'twin', 'hub.json'), 'utf8')));
    const air = await joinAir(await connectTcp(hub.host, hub.port), { token: hub.token, name: 'tester' });
    await air.control('battery', 'C0FFEE000001', '41');
    await expect(air.control('battery', 'C0FFEE000001', 'full')).rejects.toThrow(/0 to 100/);
    air.close();

    own.child.kill('SIGTERM');
    expect(await own.ended).toBe(0);

    const again = lockRun(dataDir);
    expect(await again.ready).toEqual(said);
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(0);

    const orphan = lockRun(dataDir);
    await orphan.ready;
    await building.stop();
    expect(await orphan.ended).toBe(4);
    expect(orphan.text.err).toContain('the hub is gone');
  } finally {
    await building.stop().catch(() => {});
    rmSync(dataDir, { recursive: true });
  }
}, 60_000);

it('without a hub it says so, and a bad identifier is usage', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cardea-lock-'));
  try {
    const alone = lockRun(dataDir);
    expect(await alone.ended).toBe(1);
    expect(alone.text.err).toMatch(/no hub by .*hub\.json.*is the building running/);
    const bad = lockRun(dataDir, '--identifier', '../../etc');
    expect(await bad.ended).toBe(2);
    expect(bad.text.err).toContain('12 hex digits');
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}, 60_000);
