import { fromHex, toHex } from '@cardea/kit-octets';
import {
  type AddressSize,
  decodePlainFrame,
  decodeSecureFrame,
  encodePlainFrame,
  type FrameSuite,
  fittingAddressSizes,
  isGroupAddress,
  isSecure,
  openFrame,
  readableHead,
  ScpmError,
  type SecureFrame,
  sealFailure,
  sealFrame,
} from '@cardea/wire-scpm';
import { addressSizeOfVector, suiteOfVector, VECTORS, vectorOf } from '../../../../wire/scpm/test/vectors.ts';
import { foreseen, must, type Target } from '../target.ts';

/** The suites, each by a vector that stands under it. */
const UNDER = [
  'standard, CBC, auth+enc: request',
  'hardened, CBC, auth+enc: request',
  'hardened, CCM, auth+enc: request',
  'standard, CBC, auth+enc: IV leftZero',
  'standard, CBC, auth+enc: IV rightZero',
].map(vectorOf);
/** Bits of the first octet of an input: under which of {@link UNDER}, with addresses of 2 octets, sealed by the target. */
const SUITE = 0x07;
const SHORT = 0x08;
const SEAL = 0x10;

/**
 * Frames, secure and ordinary. The first octet says under which suite they are opened, and whether the target enciphers
 * and authenticates their body first, so that what stands behind the MDAS is reached.
 */
export async function scpmFramesTarget(): Promise<Target> {
  const genuine = new Set(VECTORS.accept.map(({ frame }) => frame));
  const seeds = VECTORS.accept.flatMap((vector) => {
    const under = UNDER.findIndex(
      ({ profile, algorithm, ivLayout }) =>
        profile === vector.profile && algorithm === vector.algorithm && ivLayout === vector.ivLayout,
    );
    const first = Math.max(under, 0) | (addressSizeOfVector(vector) === 2 ? SHORT : 0);
    const { text } = vector.parts;
    if (text === undefined) return [Uint8Array.of(first, ...fromHex(vector.frame))];
    const head = vector.frame.slice(0, 2 * (1 + 2 * addressSizeOfVector(vector) + 8));
    const unsealed = fromHex(`${head}${text}${vector.parts.mdas ?? ''}`);
    return [Uint8Array.of(first, ...fromHex(vector.frame)), Uint8Array.of(first | SEAL, ...unsealed)];
  });
  const addresses = { sa: fromHex('0001'), da: fromHex('0102') };
  return {
    name: 'scpm-frames',
    covers: ['address', 'frame', 'header', 'inspect', 'open', 'seal', 'text', 'suite/'].map(
      (file) => `wire/scpm/src/${file}`,
    ),
    seeds: [
      ...seeds,
      Uint8Array.of(SHORT, ...encodePlainFrame({ ...addresses, adata: Uint8Array.of(1, 0) })),
      // The shortest that BC allows, and one octet of a body.
      ...['0081000000000107', '810000000001'].map((rest) =>
        Uint8Array.of(SHORT, ...fromHex(`8000010102000${rest.length / 2}${rest}`)),
      ),
    ],
    maxOctets: 320,
    run(input) {
      const first = input[0] ?? 0;
      const size: AddressSize = (first & SHORT) === 0 ? 6 : 2;
      const octets = input.subarray(1);
      const read = readableHead(octets, size);
      const fitting = fittingAddressSizes(octets);
      const group = read.da !== undefined && isGroupAddress(read.da);
      must(!group || size === 2 || ((read.da?.[0] ?? 0) & 1) === 1, 'a group address has the group bit');
      if (!isSecure(octets)) {
        const plain = foreseen(ScpmError, () => decodePlainFrame(octets, size));
        must(plain === undefined || toHex(encodePlainFrame(plain)) === toHex(octets), 'an ordinary frame comes back');
        return;
      }
      const frame = foreseen(ScpmError, () => decodeSecureFrame(octets, size));
      if (frame === undefined) return;
      must(fitting.includes(size), 'the BC of a frame fits its address size');
      must(read.snf === frame.snf && read.services === frame.services, 'all of a head can be read');
      const under = UNDER[first & SUITE];
      if (under === undefined) return;
      const suite = suiteOfVector(under, frame);
      const seal = (first & SEAL) !== 0;
      const sealed = seal ? foreseen(ScpmError, () => sealedBy(suite, frame)) : frame;
      if (sealed !== undefined) opens(suite, sealed, seal || genuine.has(toHex(octets)));
    },
  };
}

/** What opens must be sealed to the same octets, and is nothing that nobody has sealed. */
function opens(suite: FrameSuite, frame: SecureFrame, authentic: boolean): void {
  const opened = foreseen(ScpmError, () => openFrame(suite, frame));
  if (opened?.verdict !== 'ok') {
    // A failure answer without authentication shows what it copies, for whoever sent the request to compare.
    if (frame.failure !== undefined && opened?.verdict === 'decrypt' && 'copied' in opened) {
      must(
        frame.services === 'enc' && toHex(opened.copied) === toHex(frame.body),
        'a copy is the body of what proves nothing',
      );
    } else {
      must(opened === undefined || Object.keys(opened).length === 1, 'nothing is said of a frame that fails');
    }
    return;
  }
  must(authentic || frame.services === 'enc', 'only what was sealed verifies');
  const again = 'padata' in opened ? sealFrame(suite, frame, opened.padata) : sealFailure(suite, frame, opened.copied);
  must(toHex(again) === `80${[frame.head, frame.body, frame.mdas].map(hexOf).join('')}`, 'a frame comes back');
  must(openFrame(suite, frame, frame.snf).verdict === 'ok', 'its own SNF is the one expected');
  const other = openFrame(suite, frame, (frame.snf + 1) >>> 0).verdict;
  must(other === (frame.services === 'enc' ? 'ok' : 'snf'), 'another SNF is refused where there is authentication');
}

const hexOf = (octets: Uint8Array | undefined): string => (octets === undefined ? '' : toHex(octets));

/** The frame with its body enciphered and its MDAS right, whatever the body holds. @throws ScpmError */
function sealedBy(suite: FrameSuite, frame: SecureFrame): SecureFrame {
  const { head, body, snf, services, failure } = frame;
  if (services === 'auth' || failure !== undefined) {
    return services === 'enc' ? frame : { ...frame, mdas: suite.tag(head, body) };
  }
  // Blocks that are not whole cannot be enciphered; authenticated they can be.
  const whole = suite.pdgMaxOctets === 0 || body.length % 16 === 0;
  if (!whole) return { ...frame, mdas: frame.mdas && suite.tag(head, body) };
  return services === 'enc'
    ? { ...frame, body: suite.encrypt(snf, body) }
    : { ...frame, ...suite.sealBoth(head, snf, body) };
}
