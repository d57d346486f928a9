import { importP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { toBase64 } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import type { VirtualLockIdentity } from '@cardea/lock';
import { hashPrintedCode, type Manifest, signManifest, wrapFactoryKey } from '@cardea/wire-manifest';

/** Locks of one maker in the demo: how many, and how many of them are Bluetooth 4.2 (MTU 23). */
const MAKERS = [
  { maker: 'cardea', locks: 9, older: 3, prefix: 'C0DEA00001', modelNumber: 0x0101, model: 'c-one' },
  { maker: 'maker2', locks: 3, older: 0, prefix: 'D2A5E00002', modelNumber: 0x0201, model: 'm2-door' },
] as const;

/** A maker of the demo: what it hands to an operator. */
export interface DemoMaker {
  readonly maker: string;
  readonly manifest: Manifest;
  /** P-256, uncompressed. */
  readonly publicKey: Uint8Array;
  readonly transportKey: Secret;
}

/** The locks of a small hotel as their makers made them. */
export interface Demo {
  readonly locks: readonly VirtualLockIdentity[];
  readonly makers: readonly DemoMaker[];
}

/** Makes 12 virtual locks of two makers with their signed manifests. `issuedAtMs` is Unix time. */
export async function buildDemo({ random, issuedAtMs }: { random: Random; issuedAtMs: number }): Promise<Demo> {
  const locks: VirtualLockIdentity[] = [];
  const makers: DemoMaker[] = [];
  for (const { maker, prefix, model, modelNumber, ...counts } of MAKERS) {
    const transportKey = new Secret(random.octets(32));
    const own = Array.from({ length: counts.locks }, (_, at): VirtualLockIdentity => {
      const older = at < counts.older;
      return {
        maker,
        identifier: `${prefix}${(at + 1).toString(16).padStart(2, '0').toUpperCase()}`,
        model: modelNumber,
        factoryKey: new Secret(random.octets(16)),
        printedCode: new Secret(printedCode(random)),
        bluetooth: older ? '4.2' : '5.0',
        mtu: older ? 23 : 247,
      };
    });
    const key = makePair(random);
    const manifest = await signManifest(
      {
        version: 1,
        maker,
        model,
        issued_at: new Date(issuedAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
        locks: own.map(({ identifier, bluetooth, factoryKey, printedCode }) => ({
          identifier,
          model,
          bluetooth,
          factory_key: wrapFactoryKey(nodePrimitives, transportKey, maker, identifier, factoryKey),
          serial_public_key: toBase64(makePair(random).publicKey),
          printed_code_hash: hashPrintedCode(nodePrimitives, factoryKey, printedCode ?? new Secret('')),
        })),
      },
      (message) => Promise.resolve(signP256(key.privateKey, message)),
    );
    locks.push(...own);
    makers.push({ maker, manifest, publicKey: key.publicKey, transportKey });
  }
  return { locks, makers };
}

/** Eight digits. */
function printedCode(random: Random): string {
  const drawn = random.octets(6).reduce((value, octet) => value * 256 + octet, 0);
  return String(drawn % 10 ** 8).padStart(8, '0');
}

function makePair(random: Random): ReturnType<typeof importP256> {
  for (;;) {
    try {
      return importP256(random.octets(32));
    } catch (error) {
      // Once in 2^32 a scalar is out of range.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
