import { toHex } from '@cardea/kit-octets';
import {
  ADDRESS_SIZES,
  type AddressSize,
  type Check,
  decodeSecureFrame,
  type FrameHead,
  fittingAddressSizes,
  type Opened,
  openFrame,
  readableHead,
  ScpmError,
  SNF_MAX,
} from '@cardea/wire-scpm';
import type { Asked } from './asked.ts';
import { suiteFor } from './key-of.ts';
import { SEAL_FIELDS } from './seal.ts';

/** What `scpm open` takes; what the frame itself says may be there and has no effect. */
export const OPEN_FIELDS = ['frame', ...SEAL_FIELDS] as const;

/** What `scpm open` answers. Fields that a broken frame does not tell are not there. */
export interface OpenAnswer {
  readonly verdict: 'ok' | Check;
  /** Of the verdict `format`: what is wrong. */
  readonly detail?: string;
  readonly padata?: string;
  readonly copied?: string;
  readonly [field: string]: unknown;
}

/** Opens the frame that is given and says which check it failed. @throws CliError `usage` */
export function openAsked(asked: Asked): OpenAnswer {
  const octets = asked.octets('frame');
  const size = addressSizeFor(asked, octets);
  const expected = asked.has('snf') ? asked.whole('snf', 0, SNF_MAX) : undefined;
  const none = new Uint8Array(size);
  const head = readableHead(octets, size);
  // The key is read first: that it is missing or malformed is no fault of the frame.
  suiteFor(asked, { sa: none, da: none, response: false, dh: false });
  const opened = attempt(() => {
    const frame = decodeSecureFrame(octets, size);
    return openFrame(suiteFor(asked, frame), frame, expected);
  });
  const { verdict } = opened;
  return {
    verdict,
    ...('detail' in opened ? { detail: opened.detail } : {}),
    ...shown(head),
    ...('padata' in opened ? { padata: toHex(opened.padata) } : {}),
    ...('copied' in opened ? { copied: toHex(opened.copied) } : {}),
  };
}

function attempt(open: () => Opened): Opened | { readonly verdict: 'format'; readonly detail: string } {
  try {
    const opened = open();
    return opened.verdict === 'format' ? { verdict: 'format', detail: 'the lengths of the body do not fit' } : opened;
  } catch (error) {
    if (!(error instanceof ScpmError)) throw error;
    return { verdict: 'format', detail: error.message };
  }
}

/** A frame does not say how long its addresses are: `sa` or `da` does where it is given, otherwise the BC. */
function addressSizeFor(asked: Asked, octets: Uint8Array): AddressSize {
  const told = ADDRESS_SIZES.find((size) => size === given(asked, 'sa') || size === given(asked, 'da'));
  return told ?? fittingAddressSizes(octets)[0] ?? 6;
}

const given = (asked: Asked, name: string): number | undefined =>
  asked.has(name) ? asked.octets(name).length : undefined;

function shown({
  sa,
  da,
  keyIndex,
  dh,
  services,
  response,
  failure,
  snf,
}: Partial<FrameHead>): Record<string, unknown> {
  return {
    sa: sa && toHex(sa),
    da: da && toHex(da),
    keyIndex,
    dh,
    services,
    response,
    failure: services && (failure ?? null),
    snf,
  };
}
