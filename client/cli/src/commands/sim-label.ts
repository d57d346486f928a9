import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Context, Register } from '../context.ts';
import { CliError, usage } from '../errors.ts';
import { example } from '../help.ts';
import { plain } from '../output/table.ts';
import { findLock, lockIdentifier } from '../resolve.ts';

interface LabelOptions {
  readonly labels?: string;
}

/** A label as the building's labels.json has it. */
interface Label {
  readonly identifier: string;
  readonly printed_code: string | null;
  readonly serial_key: string | null;
  readonly qr: string;
}

/** `cardea sim label DOOR`: what is printed on the case of a virtual lock. By an identifier, the server has no part in it. */
export function simLabelCommand(sim: Command, register: Register): void {
  register<[string, LabelOptions]>(
    example(
      sim
        .command('label')
        .argument('<door>', 'name or id of a door, or identifier of a lock')
        .option('--labels <file>', 'labels.json of the building (beside the profile, in twin/, unless told)')
        .description('what is printed on the case of a virtual lock: code, serial key and QR code'),
      'sim label 101',
    ),
    async (context, door, { labels }) => {
      const file =
        labels === undefined
          ? join(dirname(context.profilePath), 'twin', 'labels.json')
          : resolve(context.io.cwd, labels);
      const identifier = lockIdentifier(door) ?? (await findLock(context.api(), door)).identifier;
      const label = readLabels(file).find((each) => each.identifier === identifier);
      if (label === undefined) {
        throw new CliError('refused', `${identifier} is no virtual lock of this building`, {
          remedy: `its locks are in ${file}`,
        });
      }
      print(context, label);
      return undefined;
    },
  );
}

function print(context: Context, label: Label): void {
  context.print(label, () =>
    [
      `lock        ${plain(label.identifier)}`,
      `code        ${plain(label.printed_code ?? 'none')}`,
      `serial key  ${plain(label.serial_key ?? 'none')}`,
      `QR code     ${plain(label.qr)}`,
      '',
    ].join('\n'),
  );
}

function readLabels(file: string): readonly Label[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The reason alone would quote the file.
    throw usage(`${file} holds no labels`, 'is the building on this machine? --labels names another labels.json');
  }
  const isText = (value: unknown): value is string => typeof value === 'string';
  const isLabel = (value: unknown): value is Label => {
    if (typeof value !== 'object' || value === null) return false;
    const { identifier, printed_code, serial_key, qr }: Readonly<Record<string, unknown>> = { ...value };
    const isOptional = (field: unknown) => field === null || isText(field);
    return isText(identifier) && isText(qr) && isOptional(printed_code) && isOptional(serial_key);
  };
  if (!Array.isArray(parsed) || !parsed.every(isLabel)) {
    throw usage(`${file} holds no labels`, 'give the labels.json of a building');
  }
  return parsed;
}
