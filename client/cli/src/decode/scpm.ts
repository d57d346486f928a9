import {
  ANSWER_BIT,
  decodeAdata,
  decodeAnswer,
  decodePadata,
  decodePlainFrame,
  decodeSecureFrame,
  fittingAddressSizes,
  isGroupAddress,
  isSecure,
  KEY_INDEX,
  OPERATION,
  openFrame,
  ScpmError,
  type SecureFrame,
} from '@cardea/wire-scpm';
import { Asked } from '../scpm/asked.ts';
import { KEY_FIELDS, suiteFor } from '../scpm/key-of.ts';
import { type DecodedField, describe, type Meanings } from './describe.ts';
import type { DecodeKeys } from './keys.ts';

/** What the fields mean; docs/scpm.md says more. */
const MEANINGS: Meanings = {
  frame: 'by HD: secure or ordinary',
  sa: 'source address',
  da: 'destination address',
  group: 'the destination is more than one node: whoever gets it drops it (8.2.1)',
  bc: 'octets after the byte counter',
  dh: 'b4: under the secret of a Diffie-Hellman run',
  services: 'b6, b7: authentication, encryption or both',
  response: 'b8: whether it answers a request',
  failure: 'b12 to b14: which check of the request failed',
  snf: 'sequence number field',
  body: 'PBC PADATA BCC in clear',
  ciphertext: 'PBC PADATA BCC PDG enciphered; opened only with --keys',
  copied: 'the body of the request that failed, as it came',
  mdas: 'message data authentication signature',
  verdict: 'the first check that it failed under the key given, or ok',
  pbc: 'octets of PADATA',
  bcc: 'block check code: XOR of all octets from SA on',
  'padata.operation': 'what is requested',
  'padata.to': 'what was requested',
  'padata.status': 'how it was answered',
  'padata.nonce': 'comes back in the failure that tells the SNF',
  'padata.version': 'of the key; it never goes down',
  'padata.keyIndex': 'of the key that is spoken of',
  'padata.algorithm': '01 AES-128-CBC, 02 AES-128-CCM',
  'padata.key': 'the key itself is not shown',
  'padata.heard': 'algorithms of the inquiry, as the KSN heard them',
  'padata.exchangeId': 'one Diffie-Hellman run',
  'padata.group': '1 MODP 2048, 2 P-256, 3 MODP 1536',
  'padata.fragment': 'which part, from 0',
  'padata.total': 'of how many',
  'padata.message': 'counts the messages of a direction',
  'padata.part': 'a lock message, opaque to SCPM, or a public value',
  'padata.unread': 'PADATA of no operation that is known',
  'adata.operation': 'the inquiry in plaintext (9.2.1 d), e))',
  'adata.keyIndex': 'under which key the algorithms are asked for',
  'adata.algorithms': '01 AES-128-CBC, 02 AES-128-CCM',
  'adata.unread': 'ADATA: any ordinary communication',
};

/** A frame of ISO/IEC 24767-2; with `keys` it is opened. @throws ScpmError, CliError (of the keys) */
export function decodeScpm(octets: Uint8Array, keys: DecodeKeys | undefined): DecodedField[] {
  const size = fittingAddressSizes(octets)[0] ?? 6;
  if (!isSecure(octets)) {
    const { sa, da, adata } = decodePlainFrame(octets, size);
    const inquiry = orUnread(adata, () => readable(decodeAdata(adata)));
    return describe({ frame: 'ordinary', sa, da, ...groupOf(da), bc: adata.length, adata: inquiry }, MEANINGS);
  }
  const frame = decodeSecureFrame(octets, size);
  const { sa, da, keyIndex, dh, services, response, failure, snf, head, body, mdas } = frame;
  const content = failure !== undefined ? 'copied' : services === 'auth' ? 'body' : 'ciphertext';
  const shown = {
    frame: 'secure',
    sa,
    da,
    ...groupOf(da),
    bc: octets.length - 1 - 2 * size - 2,
    shd: head.subarray(-6, -4),
    keyIndex,
    dh,
    services,
    response,
    failure: failure ?? null,
    snf,
    [content]: body,
    mdas: mdas ?? null,
    ...(keys === undefined ? inClear(frame) : opened(frame, keys)),
  };
  return describe(shown, {
    ...MEANINGS,
    shd: 'secure header, b7 to b0 first',
    keyIndex: `b3 to b0: ${keyName(keyIndex)}`,
  });
}

const groupOf = (da: Uint8Array): { readonly group?: true } => (isGroupAddress(da) ? { group: true } : {});

function keyName(keyIndex: number): string {
  switch (keyIndex) {
    case KEY_INDEX.serial:
      return 'the serial key';
    case KEY_INDEX.user:
      return 'the user key';
    case KEY_INDEX.maker:
      return 'the maker key';
    default:
      return `service provider key ${keyIndex - KEY_INDEX.firstProvider + 1} of 13`;
  }
}

/** What a frame for authentication alone says to anybody; nothing is verified. */
function inClear({ services, failure, response, body }: SecureFrame): object {
  const [pbc] = body;
  if (services !== 'auth' || failure !== undefined || pbc !== body.length - 2) return {};
  return { pbc, padata: padataOf(body.subarray(1, -1), response), bcc: body.subarray(-1) };
}

function opened(frame: SecureFrame, keys: DecodeKeys): object {
  const result = openFrame(suiteFor(new Asked(keys.content, KEY_FIELDS), frame), frame);
  return 'padata' in result
    ? { verdict: result.verdict, pbc: result.padata.length, padata: padataOf(result.padata, frame.response) }
    : { verdict: result.verdict };
}

/** The operations that carry a key: what comes after the first octet is shown in no form but its parts. */
const WITH_KEY: readonly number[] = [OPERATION['user-key'], OPERATION['provider-key'], OPERATION['new-master-key']];

function padataOf(padata: Uint8Array, response: boolean): object {
  if (response && ((padata[0] ?? 0) & ANSWER_BIT) !== 0) {
    return orUnread(padata, () => ({ ...decodeAnswer(padata) }));
  }
  return orUnread(WITH_KEY.includes(padata[0] ?? 0) ? padata.subarray(0, 1) : padata, () =>
    readable(decodePadata(padata)),
  );
}

/** A message as it is shown: a key by its size alone, a list of octets as octets. */
function readable({ kind, ...fields }: { readonly kind: string }): object {
  const shown = Object.entries(fields).map(([name, value]: [string, unknown]) => {
    if (name === 'key' && value instanceof Uint8Array) return [name, `${value.length} octets`];
    return [name, Array.isArray(value) ? Uint8Array.from(value) : value];
  });
  return { operation: kind, ...Object.fromEntries(shown) };
}

/** What `read` makes of octets; what is nothing known is shown as it is. */
function orUnread(octets: Uint8Array, read: () => object): object {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScpmError) return { unread: octets };
    throw error;
  }
}
