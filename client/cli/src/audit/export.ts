import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { trustedLog } from './trusted-log.ts';
import { keepIfGood, printReport, readLog } from './verify.ts';

/** Writes the whole log into a file that is not there yet, and verifies it on the way. */
export async function exportLog(context: Context, file: string): Promise<number> {
  const api = context.api();
  const log = await trustedLog(context, api);
  const out = createWriteStream(resolve(context.io.cwd, file), { flags: 'wx', mode: 0o600 });
  await once(out, 'open').catch((error: NodeJS.ErrnoException) => {
    const remedy = error.code === 'EEXIST' ? 'name a file that is not there yet' : 'name a file that you can write';
    throw usage(`${file} cannot be written (${error.message})`, remedy);
  });
  const written = async function* (): AsyncGenerator<string, void, void> {
    for await (const line of api.audit.export({ signal: context.io.interrupted })) {
      if (!out.write(`${line}\n`)) await once(out, 'drain');
      yield line;
    }
  };
  try {
    const report = await readLog(context, log, written());
    keepIfGood(context, log, report);
    return printReport(context, report, log);
  } finally {
    out.end();
    await once(out, 'close');
  }
}
