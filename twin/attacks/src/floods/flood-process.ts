import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FloodOptions, FloodState } from './flood-messages.ts';
import { endChild, nextMessage, startChild } from './victim-process.ts';

/** A flood that runs in a process of its own. */
export interface Flood {
  state(): Promise<FloodState>;
  stop(): Promise<void>;
}

const SOURCE = fileURLToPath(new URL('./flooder.ts', import.meta.url));

/** Starts a flood. */
export function startFlood(options: FloodOptions): Flood {
  const child = startChild(SOURCE, JSON.stringify(options));
  return {
    async state() {
      const answer = nextMessage<FloodState>(child);
      child.send('state');
      return answer;
    },
    stop: () => endChild(child),
  };
}

/** Waits until `count` connections stand, or no more come. */
export async function standing(flood: Flood, count: number, withinMs: number): Promise<FloodState> {
  const until = performance.now() + withinMs;
  for (;;) {
    const state = await flood.state();
    if (state.standing >= count || performance.now() > until) return state;
    await delay(100);
  }
}
