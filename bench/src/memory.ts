import { memoryOfStrangers, STRANGER_STATES } from '@cardea/twin-attacks';
import { type Figure, figure } from './measure.ts';

const CONNECTIONS = 5000;

/** What a connection costs the server's process before anybody has signed in, by how far it got; goal 64 KiB each. */
export async function memory(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const kind of STRANGER_STATES) {
    const found = await memoryOfStrangers(kind, CONNECTIONS);
    console.error(
      `  ${kind}: ${(found.residentOctets / 1024).toFixed(1)} KiB, heap ${(found.heapOctets / 1024).toFixed(1)} KiB`,
    );
    figures.push(
      figure(
        `memory of a connection before authentication, ${kind}: the process's growth`,
        found.residentOctets / 1000,
        'kB',
        '<= 65.536',
        { connections: found.connections, heap_kb: found.heapOctets / 1000 },
      ),
    );
  }
  return figures;
}
