import { toHex } from '@cardea/kit-octets';
import { type FrameHead, SNF_MAX, sealFailure, sealFrame } from '@cardea/wire-scpm';
import { type Asked, wrong } from './asked.ts';
import { KEY_FIELDS, suiteFor } from './key-of.ts';

/** What `scpm seal` takes. */
export const SEAL_FIELDS = [
  ...KEY_FIELDS,
  'keyIndex',
  'dh',
  'services',
  'snf',
  'sa',
  'da',
  'response',
  'padata',
  'failure',
  'copied',
] as const;

/** Seals the frame that is asked for, whatever its SNF and key. @throws CliError `usage`, ScpmError */
export function sealAsked(asked: Asked): { readonly frame: string } {
  const failure = asked.choice('failure', ['snf', 'auth', 'decrypt']);
  const head: FrameHead = {
    keyIndex: asked.whole('keyIndex', 0, 15, 1),
    dh: asked.flag('dh', false),
    services: asked.choice('services', ['auth', 'enc', 'auth+enc'], 'auth+enc'),
    snf: asked.whole('snf', 0, SNF_MAX),
    sa: asked.octets('sa'),
    da: asked.octets('da'),
    response: asked.flag('response', failure !== undefined),
    failure,
  };
  const suite = suiteFor(asked, head);
  if (failure === undefined) {
    if (asked.has('copied')) throw wrong('copied', 'belongs to a failure answer', 'add failure, or write padata');
    return { frame: toHex(sealFrame(suite, head, asked.octets('padata', new Uint8Array()))) };
  }
  if (asked.has('padata')) throw wrong('padata', 'is in no failure answer', "write copied, the request's body");
  return { frame: toHex(sealFailure(suite, head, asked.octets('copied'))) };
}
