import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardea } from './fake-client.ts';

const LABEL = {
  identifier: 'C0DEA0000101',
  printed_code: '12345678',
  serial_key: '0011 2233 4455 6677 8899 AABB CCDD EEFF',
  qr: 'CARDEA:LOCK:C0DEA0000101/SK-00112233445566778899AABBCCDDEEFF',
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-labels-'));
  writeFileSync(join(folder, 'labels.json'), JSON.stringify([LABEL]));
  writeFileSync(join(folder, 'other.json'), JSON.stringify([{ ...LABEL, qr: 7 }]));
  writeFileSync(join(folder, 'broken.json'), '{');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('cardea sim label', () => {
  it('shows what is printed on the case of a virtual lock, without asking the server', async () => {
    const ran = await cardea(['sim', 'label', 'c0:de:a0:00:01:01', '--labels', 'labels.json'], {}, { cwd: folder });
    expect(ran).toMatchObject({ code: 0, err: '' });
    for (const shown of [LABEL.printed_code, LABEL.serial_key, LABEL.qr]) expect(ran.out).toContain(shown);
    const json = await cardea(
      ['sim', 'label', LABEL.identifier, '--labels', 'labels.json', '--json'],
      {},
      { cwd: folder },
    );
    expect(JSON.parse(json.out)).toEqual(LABEL);
  });

  it('says so when the building has no such lock', async () => {
    const ran = await cardea(['sim', 'label', 'C0DEA0000999', '--labels', 'labels.json'], {}, { cwd: folder });
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('C0DEA0000999');
  });

  it.each(['other.json', 'broken.json', 'none.json'])('%s holds no labels, which is usage', async (file) => {
    const ran = await cardea(['sim', 'label', LABEL.identifier, '--labels', file], {}, { cwd: folder });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(file);
  });
});
