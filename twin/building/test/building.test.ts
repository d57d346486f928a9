import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTcp } from '@cardea/kit-node';
import { joinAir, parseHubAddress } from '@cardea/wire-air';
import { expect, test } from 'vitest';
import { runBuilding } from '../src/index.ts';

test('a building starts with 12 locks of two makers, takes simulation commands, and is there again at a second start', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'cardea-building-'));
  try {
    const first = await runBuilding({ dataDir });
    const hubFile = join(dataDir, 'twin', 'hub.json');
    expect((await stat(hubFile)).mode & 0o777).toBe(0o600);
    const { host, port, token } = parseHubAddress(JSON.parse(await readFile(hubFile, 'utf8')));
    const air = await joinAir(await connectTcp(host, port), { token, name: 'test' });
    const heard = await air.peripherals();
    expect(heard).toHaveLength(12);
    expect(heard.filter(({ bluetooth, mtu }) => bluetooth === '4.2' && mtu === 23)).toHaveLength(3);
    const name = heard[0]!.name;
    await air.control('battery', name, '7');
    await air.control('door', name, 'open');
    await expect(air.control('jam', name, 'maybe')).rejects.toThrow('jam: must be on or off');
    await expect(air.control('melt', name, 'on')).rejects.toThrow('fault: must be one of');
    expect(first.locks.get(name)!.view()).toMatchObject({ batteryPercent: 7, doorOpen: true, boltOut: true, opens: 0 });
    await first.stop();
    const second = await runBuilding({ dataDir });
    expect([...second.locks.keys()]).toEqual([...first.locks.keys()]);
    expect([...second.locks.values()].every((lock) => lock.view().powered)).toBe(true);
    await second.stop();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
