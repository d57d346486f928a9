import type { Log } from '@cardea/kit-runtime';
import { createVirtualClock, type VirtualClock } from '@cardea/kit-runtime';
import type { StoredAnswer } from '@cardea/server-core';
import { createHttpDoor, type HttpDoorOptions, type IdempotencyStore, type SimPort } from '@cardea/server-http';
import type { FastifyInstance } from 'fastify';
import { createFakeCore, type FakeCore } from './fake-core.ts';

/** A door over a fake core under virtual time. */
export interface Rig {
  readonly app: FastifyInstance;
  readonly core: FakeCore;
  readonly clock: VirtualClock;
  readonly answers: Map<string, StoredAnswer>;
  readonly faults: Parameters<SimPort['apply']>[0][];
  readonly lines: string[];
  /** A token of `org_a` with every scope. */
  readonly token: string;
}

/** Builds a rig; whatever `options` names is as told. */
export function createRig(options: Partial<HttpDoorOptions> & { readonly clockOfDoor?: VirtualClock } = {}): Rig {
  const clock = createVirtualClock(Date.UTC(2026, 2, 29, 0, 59), () => new Promise((done) => setImmediate(done)));
  const core = createFakeCore(() => clock.now());
  const answers = new Map<string, StoredAnswer>();
  const idempotency: IdempotencyStore = {
    get: async (name) => answers.get(name),
    set: async (name, answer) => void answers.set(name, answer),
    count: async (owner) => [...answers.values()].filter((answer) => answer.owner === owner).length,
    removeBefore: async (timeMs) => {
      for (const [name, { createdAt }] of answers) if (createdAt < timeMs) answers.delete(name);
    },
  };
  const faults: Parameters<SimPort['apply']>[0][] = [];
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string, fields = {}) =>
      void lines.push(JSON.stringify({ level, message, ...fields }));
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  let drawn = 0;
  const app = createHttpDoor({
    core,
    clock,
    random: {
      octets: (size) => Uint8Array.from({ length: size }, (_, at) => (at === 0 ? drawn++ : drawn >> (at % 8)) & 0xff),
    },
    log,
    idempotency,
    xmppAddress: () => ({ host: '127.0.0.1', port: 5223, domain: 'hotel.example' }),
    tls: 'plaintext',
    version: '0.1.0',
    sim: { apply: async (command) => void faults.push(command) },
    outbox: { list: async () => [] },
    ...options,
  });
  return { app, core, clock, answers, faults, lines, token: core.token('org_a') };
}

/** Headers of a request under `token`. */
export function bearing(token: string, more: Record<string, string> = {}): Record<string, string> {
  return { authorization: `Bearer ${token}`, ...more };
}
