import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type ServiceUnit, serviceUnit, UNIT_NAME } from '../src/service/unit.ts';

const BIN = fileURLToPath(new URL('../bin/cardea.mjs', import.meta.url));
const ANALYZE = spawnSync('systemd-analyze', ['--version']).status === 0;
const REQUIRED = process.env.REQUIRE_PEERS === '1';

const UNIT: ServiceUnit = {
  scope: 'system',
  node: process.execPath,
  program: BIN,
  installation: '/opt/cardea',
  dataDir: undefined,
  args: ['--public-host', 'locks.example.com'],
  lowPorts: false,
};

function cardea(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-service-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const lineOf = (unit: string, key: string): string | undefined =>
  unit
    .split('\n')
    .find((line) => line.startsWith(`${key}=`))
    ?.slice(key.length + 1);

it.skipIf(!ANALYZE && !REQUIRED)(
  'systemd takes each unit without a word, and finds the machine’s exposed below 2.0',
  () =>
    inFolder((folder) => {
      const units: ServiceUnit[] = [
        UNIT,
        { ...UNIT, lowPorts: true, args: ['--port', '443'] },
        { ...UNIT, installation: '/home/somebody/cardea', args: ['--public-host', 'a "quoted" $HOME 100% \\ name'] },
        { ...UNIT, scope: 'user', dataDir: '/srv/data with spaces' },
      ];
      const scores: string[] = [];
      for (const [n, unit] of units.entries()) {
        mkdirSync(join(folder, String(n)));
        const file = join(folder, String(n), UNIT_NAME);
        writeFileSync(file, serviceUnit(unit));
        const scope = unit.scope === 'user' ? ['--user'] : [];
        const verified = spawnSync('systemd-analyze', [...scope, '--recursive-errors=no', 'verify', file], {
          encoding: 'utf8',
          env: { ...process.env, XDG_RUNTIME_DIR: folder },
        });
        expect([verified.status, verified.stdout, verified.stderr]).toEqual([0, '', '']);
        const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
          encoding: 'utf8',
        });
        const score = Number(/exposure level for [^:]*: (\d+\.\d+)/.exec(judged.stdout)?.[1]);
        scores.push(`${unit.scope}${unit.lowPorts ? ', low ports' : ''}: ${score}`);
        if (unit.scope === 'system') expect(score).toBeLessThan(2);
      }
      console.info(`exposure by systemd-analyze security: ${scores.join('; ')}`);
    }),
);

it.each([
  ['--port', 'abc', /--port is "abc"; it must be a whole number/],
  ['--public-url', 'nonsense', /--public-url is "nonsense"; it must be an https URL/],
])('what the server would refuse at each start is refused before there is a unit: %s %s', async (flag, value, says) => {
  const { code, out, err } = await cardea('service', 'install', '--dry-run', flag, value);
  expect(err).toMatch(says);
  expect([code, out]).toEqual([2, '']);
});

it('what is given reaches the server as one argument each, whatever is in it', () => {
  const args = ['--public-host', 'a "b" $HOME 100% \\c'];
  expect(lineOf(serviceUnit({ ...UNIT, args }), 'ExecStart')).toBe(
    `${process.execPath} ${BIN} server --data /var/lib/cardea --public-host "a \\"b\\" $$HOME 100%% \\\\c"`,
  );
});

it('a program in somebody’s home is all that is seen of it; elsewhere homes are not seen at all', () => {
  const home = serviceUnit({ ...UNIT, installation: '/home/a b/cardea', node: '/usr/bin/node' });
  expect(lineOf(home, 'ProtectHome')).toBe('tmpfs');
  expect(lineOf(home, 'BindReadOnlyPaths')).toBe('/home/a\\x20b/cardea');
  expect(lineOf(serviceUnit({ ...UNIT, node: '/usr/bin/node' }), 'ProtectHome')).toBe('yes');
});

it('low ports are a right of the service that listens on them, and of no other', () => {
  expect(lineOf(serviceUnit(UNIT), 'CapabilityBoundingSet')).toBe('');
  const low = serviceUnit({ ...UNIT, lowPorts: true });
  expect(lineOf(low, 'CapabilityBoundingSet')).toBe('CAP_NET_BIND_SERVICE');
  expect(lineOf(low, 'AmbientCapabilities')).toBe('CAP_NET_BIND_SERVICE');
  expect(lineOf(low, 'PrivateUsers')).toBeUndefined();
});

it(
  'installs, tells and uninstalls under another root, where nothing is started; a dry run writes nothing',
  () =>
    inFolder(async (folder) => {
      const file = join(folder, 'etc', 'systemd', 'system', UNIT_NAME);
      const there = ['--system', '--root', folder];
      const dry = await cardea('service', 'install', ...there, '--dry-run', '--port', '443');
      expect(dry).toMatchObject({ code: 0, err: '' });
      expect(dry.out).toContain('ExecStart=');
      expect(existsSync(file)).toBe(false);
      expect(JSON.parse((await cardea('service', 'status', ...there, '--json')).out)).toMatchObject({
        installed: false,
      });
      expect((await cardea('service', 'install', ...there, '--port', '443')).code).toBe(0);
      expect(readFileSync(file, 'utf8')).toBe(dry.out);
      const status = await cardea('service', 'status', ...there, '--json');
      expect(JSON.parse(status.out)).toMatchObject({ installed: true, program_found: true });
      expect((await cardea('service', 'uninstall', ...there)).code).toBe(0);
      expect(existsSync(file)).toBe(false);
      expect((await cardea('service', 'uninstall', ...there)).code).toBe(3);
      const both = await cardea('service', 'install', '--system', '--user');
      expect([both.code, both.err]).toEqual([2, expect.stringContaining('exclude each other')]);
      const line = await cardea('service', 'install', ...there, '--public-host', 'a\nExecStartPre=evil');
      expect([line.code, line.err]).toEqual([2, expect.stringContaining('control character')]);
    }),
  60_000,
);
