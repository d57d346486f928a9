import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '@cardea/kit-node';
import { copyDatabase, databaseSchema, SCHEMA } from '@cardea/server-store';
import about from '../../package.json' with { type: 'json' };
import { ServerError } from '../errors.ts';
import { envelopeOf } from './envelope-of.ts';
import { KEY_PART, RECORD_PART } from './manifest.ts';
import { sourcesIn } from './sources.ts';
import { writeBackup } from './write-backup.ts';

/** By which schema and program the folder was last written: for a program that is too old to read the rest. */
const FORMAT = 'format.json';
const COPY = 'before-upgrade.tmp';
const BEFORE = /^before-upgrade-(\d+)\.cardea-backup$/;

/**
 * Before a newer program changes the schema of the record in `folder`, keeps a backup of it there under the folder's own
 * envelope key: `before-upgrade-N.cardea-backup`, N being the schema that it goes back to. Answers N; undefined when there
 * is nothing to change. @throws StoreError `in_use`, `cannot_open`, `damaged`; ServerError `backup`
 */
export async function backUpBeforeUpgrade(folder: string): Promise<number | undefined> {
  const record = join(folder, RECORD_PART);
  const schema = databaseSchema(record);
  if (schema === undefined || schema === 0 || schema >= SCHEMA) return undefined;
  const copy = join(folder, COPY);
  await rm(copy, { force: true });
  try {
    await copyDatabase(record, copy);
    const { files } = await sourcesIn(folder, { keys: false });
    await writeBackup(
      join(folder, `before-upgrade-${schema}.cardea-backup`),
      [{ name: RECORD_PART, path: copy }, ...files],
      { madeAtMs: Date.now(), program: readFormat(folder)?.program ?? about.version, schema },
      { kind: 'envelope', envelope: await envelopeOf(join(folder, KEY_PART)) },
    );
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.name !== 'Error') throw error;
    throw new ServerError(
      'record',
      `the record has to be upgraded, and cannot be backed up before (${error.message})`,
      `make room in ${folder}: nothing was changed`,
    );
  } finally {
    await rm(copy, { force: true });
  }
  return schema;
}

/** Notes that this program has written the folder, for older ones that come after it. */
export async function noteFormat(folder: string): Promise<void> {
  const known = readFormat(folder);
  if (known?.schema === SCHEMA && known.program === about.version) return;
  const format = { schema: SCHEMA, program: about.version };
  try {
    await writeFileDurably(join(folder, FORMAT), `${JSON.stringify(format)}\n`);
  } catch {
    // A full disk must not keep a sound record from being served for the sake of a note.
  }
}

/** What to do about a record that is too new for this program. */
export function remedyForNewer(folder: string): string {
  const known = readFormat(folder);
  if (known === undefined) return 'start the newer program again';
  const back = newestBefore(folder);
  const way = back === undefined ? '' : `, or let it go back with \`cardea upgrade --back\``;
  return `start cardea ${known.program} or newer${way}`;
}

/** The newest backup of before an upgrade, by the schema that it goes back to. */
export function newestBefore(folder: string): { readonly file: string; readonly schema: number } | undefined {
  if (!existsSync(folder)) return undefined;
  const found = readdirSync(folder).flatMap((name) => {
    const digits = BEFORE.exec(name)?.[1];
    return digits === undefined ? [] : [{ file: join(folder, name), schema: Number(digits) }];
  });
  return found.sort((a, b) => b.schema - a.schema)[0];
}

/** The schema of the record, and the one of this program. @throws ServerError `record` when there is no record */
export function schemasOf(folder: string): { readonly record: number; readonly program: number } {
  const record = databaseSchema(join(folder, RECORD_PART));
  if (record === undefined) {
    throw new ServerError('record', `there is no ${join(folder, RECORD_PART)}`, 'name the data folder with --data DIR');
  }
  return { record, program: SCHEMA };
}

function readFormat(folder: string): { readonly schema: number; readonly program: string } | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, FORMAT), 'utf8'));
    const { schema, program }: Readonly<Record<string, unknown>> =
      typeof json === 'object' && json !== null ? { ...json } : {};
    return typeof schema === 'number' && typeof program === 'string' ? { schema, program } : undefined;
  } catch {
    // It is a help for people only: without it the record speaks for itself.
    return undefined;
  }
}
