import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BluezError } from './errors.ts';

/** A message bus of its own: nothing on it reaches the machine's, and nothing of the machine's reaches it. */
export interface PrivateBus {
  /** What DBUS_SYSTEM_BUS_ADDRESS is set to for those who shall see it. */
  readonly address: string;
  /** Ends it and removes its folder. It also ends with this process. */
  close(): Promise<void>;
}

/**
 * Whether tests have to be left out because this machine has no dbus-daemon. Never with REQUIRE_PEERS=1: there they run,
 * and fail with what to install.
 */
export function dbusMissing(): boolean {
  return process.env.REQUIRE_PEERS !== '1' && spawnSync('dbus-daemon', ['--version']).error !== undefined;
}

/** Starts a dbus-daemon for this user alone. @throws BluezError `dbus-daemon-failed` (package dbus brings it) */
export async function startPrivateBus(): Promise<PrivateBus> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-dbus-'));
  const config = join(folder, 'bus.conf');
  writeFileSync(config, configOf(join(folder, 'bus')));
  const daemon = spawn('dbus-daemon', ['--nofork', '--nopidfile', '--print-address', `--config-file=${config}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => {
    daemon.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  try {
    const address = await firstLine(daemon);
    return {
      address,
      async close() {
        process.removeListener('exit', end);
        if (daemon.exitCode === null && daemon.signalCode === null) {
          daemon.kill();
          await once(daemon, 'exit');
        }
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    process.removeListener('exit', end);
    end();
    throw error;
  }
}

/** Like a system bus, whose every client is trusted: only this user comes in at all (EXTERNAL, and the folder's mode). */
function configOf(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;
}

function firstLine(daemon: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    const fail = (why: string): void =>
      reject(new BluezError('dbus-daemon-failed', `dbus-daemon (package dbus): ${why}${err && `: ${err.trim()}`}`));
    daemon.once('error', (error) => fail(error.message));
    daemon.once('exit', (code) => fail(`ended with ${code}`));
    daemon.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    daemon.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(out.slice(0, end).trim());
    });
  });
}
