import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { OPEN_FIELDS, openAsked } from '../scpm/open.ts';
import { SEAL_FIELDS, sealAsked } from '../scpm/seal.ts';
import { serve } from '../scpm/serve.ts';

type SealField = (typeof SEAL_FIELDS)[number];

/** What each key may be, for people. */
const MEANINGS: Readonly<Record<SealField, string>> = {
  profile: '"hardened" (usual), or "standard": the text of the standard, weak',
  key: "16 octets; of hardened the device's own key",
  algorithm: '1 AES-CBC (usual), 2 AES-CCM (hardened only)',
  ivLayout: '"repeat" (usual), "leftZero" or "rightZero" (standard only)',
  keyIndex: '0 serial, 1 user (usual), 2 maker, 3 to 15 service providers',
  dh: 'true: under the secret of a Diffie-Hellman run (b4)',
  services: '"auth+enc" (usual), "auth" or "enc"',
  snf: 'sequence number, 0 to 4294967295',
  sa: 'source address, 6 octets or 2',
  da: 'destination address, as long as sa',
  response: 'true: a response; false (usual): a request',
  padata: 'what is sealed, 0 to 255 octets (usual: none)',
  failure: '"snf", "auth" or "decrypt": an answer that tells a failure (then a response)',
  copied: "of a failure answer, in place of padata: the request's body as it came",
};

/** The worked example of both, in and out. */
const EXAMPLE = {
  sealed: {
    key: '000102030405060708090a0b0c0d0e0f',
    snf: 1,
    sa: '020000000001',
    da: '020000000002',
    padata: '48656c6c6f',
  },
  frame: '8002000000000102000000000200260100000000016558d2d74de00247b19f85b7ca0c3da462e7b40645080e8d6f5ba7070d9dd7f8',
  opened:
    '{"verdict":"ok","sa":"020000000001","da":"020000000002","keyIndex":1,"dh":false,"services":"auth+enc","response":false,"failure":null,"snf":1,"padata":"48656c6c6f"}',
};

/** `cardea scpm seal|open`. */
export function scpmCommands(program: Command, register: Register): void {
  const scpm = program.command('scpm').description('secure frames (ISO/IEC 24767-2), raw: JSON in, JSON out');
  const { sealed, frame, opened } = EXAMPLE;
  register<[string | undefined]>(
    reading(scpm.command('seal'))
      .description('make a frame of its fields: answers {"frame": hex}')
      .addHelpText('after', `\nKeys, octets in hex; key, snf, sa and da must be there:\n${list(SEAL_FIELDS)}`)
      .addHelpText('after', worked('seal', sealed, JSON.stringify({ frame }))),
    (context, file) => serve(context.io, file, SEAL_FIELDS, (asked) => ({ document: sealAsked(asked), ok: true })),
  );
  register<[string | undefined]>(
    reading(scpm.command('open'))
      .description('verify and open a frame: answers its fields and the verdict')
      .addHelpText(
        'after',
        `
Keys, octets in hex; frame and key must be there:
  ${'frame'.padEnd(11)}the whole frame, HD to MDAS
${list(['key', 'profile', 'algorithm', 'ivLayout'])}
  ${'snf'.padEnd(11)}the number that is expected (usual: any is taken; of "enc" any is, 8.2.3)
Whatever else seal takes is read from the frame: it may be given and has no effect, save that the length of sa or da
tells how long the frame's addresses are (otherwise its byte counter does).

The verdict is "ok", or the first check that failed: "format" (with detail), "snf", "mdas", "decrypt" or "bcc".
Fields that can be read are answered with any verdict; padata (of a failure answer: copied) with "ok" alone.
Exit status 3 when a verdict is not "ok".`,
      )
      .addHelpText('after', worked('open', { key: sealed.key, frame }, opened)),
    (context, file) =>
      serve(context.io, file, OPEN_FIELDS, (asked) => {
        const document = openAsked(asked);
        return { document, ok: document.verdict === 'ok' };
      }),
  );
}

function reading(command: Command): Command {
  return command.argument('[file]', 'JSON: one object, or one a line; - or none: standard input').addHelpText(
    'after',
    `
Each object is answered on one line, in order; a wrong one by {"error": ...}, with exit status 2 at the end.
No session, no key policy, any sequence number: these are the frames alone (docs/scpm.md).`,
  );
}

const list = (names: readonly SealField[]): string =>
  names.map((name) => `  ${name.padEnd(11)}${MEANINGS[name]}`).join('\n');

const worked = (verb: string, asked: object, answer: string): string =>
  `\nExample:\n  $ echo '${JSON.stringify(asked)}' | cardea scpm ${verb}\n  ${answer}`;
