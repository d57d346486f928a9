import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FleetSize } from '../fleet/plan.ts';
import type { FromRas, RasAddress, ToRas, Usage } from './messages.ts';
import type { StoreKind } from './store-kinds.ts';

/** A measured server, in a process of its own. */
export interface MeasuredRas extends RasAddress {
  usage(options?: { readonly gc?: boolean }): Promise<Usage>;
  stop(): Promise<void>;
}

/** Founds and starts one, with this fleet in its record. @throws Error with the reason when it does not come up */
export async function startMeasuredRas(store: StoreKind, fleet: FleetSize): Promise<MeasuredRas> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-bench-'));
  const child = fork(fileURLToPath(new URL('process.ts', import.meta.url)), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await asked(child, { kind: 'start', folder, store, fleet }, 'ready');
  return {
    ...ready,
    usage: ({ gc = false } = {}) => asked(child, { kind: 'usage', gc }, 'usage'),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.send({ kind: 'stop' } satisfies ToRas);
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function asked<Kind extends FromRas['kind']>(
  child: ChildProcess,
  question: ToRas,
  answer: Kind,
): Promise<Extract<FromRas, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const hear = (message: FromRas): void => {
      if (message.kind !== answer && message.kind !== 'failed') return;
      child.off('message', hear);
      child.off('exit', gone);
      if (message.kind === 'failed') reject(new Error(message.reason));
      else resolve(message as Extract<FromRas, { kind: Kind }>);
    };
    const gone = (code: number | null): void => reject(new Error(`the measured server ended (${code})`));
    child.on('message', hear);
    child.once('exit', gone);
    child.send(question);
  });
}
