import { fromHex, OctetsError } from '@cardea/kit-octets';
import type { Command } from 'commander';
import type { Register } from '../context.ts';
import type { DecodedField } from '../decode/describe.ts';
import { DecodeKeys } from '../decode/keys.ts';
import { CliError, usage } from '../errors.ts';
import { example } from '../help.ts';
import { readJsonFile } from '../json-file.ts';
import { plain, table } from '../output/table.ts';

type Decode = (octets: Uint8Array, keys: DecodeKeys | undefined) => DecodedField[];

interface Protocol {
  readonly title: string;
  /** What a file of --keys holds for it, in words. */
  readonly keys?: string;
  load(): Promise<Decode>;
}

/** Each protocol that can be read, loaded only when it is asked for. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  lock: {
    title: 'a message or frame of the lock protocol',
    keys: 'command, receipt and event, each {enc, mac, iv}',
    load: async () => (await import('../decode/lock.ts')).decodeLock,
  },
  'lock-advertisement': {
    title: "manufacturer data of a lock's advertisement",
    keys: 'advertisement and beacon',
    load: async () => (await import('../decode/lock.ts')).decodeLockAdvertisement,
  },
  maker2: {
    title: "a message of the second maker's protocol",
    keys: 'identifier and binding_key, or the one that is needed of command, receipt, event, ack; for a receipt also command_message, the whole command that it answers',
    load: async () => (await import('../decode/maker2.ts')).decodeMaker2,
  },
  'maker2-advertisement': {
    title: "manufacturer data of the second maker's advertisement",
    keys: 'binding_key, or advertisement and beacon',
    load: async () => (await import('../decode/maker2.ts')).decodeMaker2Advertisement,
  },
  scpm: {
    title: 'a frame of ISO/IEC 24767-2, secure or ordinary',
    keys: "key (of hardened the device's own), and where they are not the usual: profile, algorithm, ivLayout, as `scpm open` takes them",
    load: async () => (await import('../decode/scpm.ts')).decodeScpm,
  },
  route: {
    title: 'XML (UTF-8) between server and gateway: a whole iq, or its payload',
    load: async () => (await import('../decode/route.ts')).decodeRoute,
  },
  air: {
    title: 'a message of the simulated air, with or without the length before it',
    load: async () => (await import('../decode/air.ts')).decodeAir,
  },
};

/** `cardea decode PROTOCOL HEX`. */
export function decodeCommand(program: Command, register: Register): void {
  const list = Object.entries(PROTOCOLS).map(([name, { title }]) => `  ${name.padEnd(22)}${title}`);
  const keyFiles = Object.entries(PROTOCOLS).flatMap(([name, { keys }]) =>
    keys === undefined ? [] : [`  ${name.padEnd(22)}${keys}`],
  );
  register<[string, string, { keys?: string }]>(
    example(
      program
        .command('decode')
        .argument('<protocol>', Object.keys(PROTOCOLS).join(', '))
        .argument('<hex>', 'octets as hex digits; blanks, colons and dashes between them are fine')
        .option('--keys <file>', 'JSON file by which sealed octets are opened (below)')
        .description('show what octets of a protocol mean, a field a line')
        .addHelpText('after', `\nProtocols:\n${list.join('\n')}`)
        .addHelpText('after', `\nKeys, a JSON object of hex texts:\n${keyFiles.join('\n')}`),
      'decode lock 03010108000000000000000b674f2a80',
      'decode lock 01... --keys keys.json',
      'decode maker2 010103... --keys keys.json',
      'decode scpm 80... --keys keys.json',
      `decode route "$(printf '<cancel xmlns="urn:cardea:route:1" id="7"/>' | xxd -p | tr -d '\\n')"`,
      'decode air 00:00:00:02:81:01',
    ),
    async (context, given, hex, options) => {
      const protocol = Object.hasOwn(PROTOCOLS, given) ? PROTOCOLS[given] : undefined;
      if (protocol === undefined)
        throw usage(`PROTOCOL is ${JSON.stringify(given)}`, `it must be one of ${Object.keys(PROTOCOLS).join(', ')}`);
      const octets = readHex(hex);
      const keys = options.keys === undefined ? undefined : new DecodeKeys(readJsonFile(context.io, options.keys));
      const decode = await protocol.load();
      const decoded = decoding(given, () => decode(octets, keys));
      context.print({ protocol: given, octets: octets.length, fields: decoded }, () =>
        table(
          ['FIELD', 'VALUE', 'MEANING'],
          decoded.map((one) => [one.field, plain(one.value), one.meaning]),
        ),
      );
    },
  );
}

function readHex(hex: string): Uint8Array {
  try {
    return fromHex(hex.replace(/[\s:-]/g, ''));
  } catch (error) {
    if (error instanceof OctetsError) throw usage(`HEX: ${error.message}`, 'write two hex digits an octet');
    throw error;
  }
}

/** Each protocol has an error class of its own; to the person they are all the same: octets that are not that. */
function decoding<T>(protocol: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CliError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new CliError('usage', `HEX is not ${protocol}: ${error.message} (${String(error.code)})`, {
      field: 'field' in error ? String(error.field) : 'HEX',
      remedy: 'check that all octets are there',
      cause: error,
    });
  }
}
