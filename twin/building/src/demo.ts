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

/** By what a maker of the demo signs and wraps; each estate pins a maker's key at its first manifest. */
export interface MakerKeys {
  /** Scalar of its P-256 signing key: 32 octets. */
  readonly signingKey: Secret;
  /** 32 octets, handed over beside the manifest. */
  readonly transportKey: Secret;
}

/** One production run of a maker. */
export interface ProductionRun {
  readonly maker: VirtualLockIdentity['maker'];
  readonly model: string;
  /** 16 bits, on the air while unbound. */
  readonly modelNumber: number;
  readonly locks: readonly Pick<VirtualLockIdentity, 'identifier' | 'bluetooth'>[];
}

/** Makes 12 virtual locks of two makers with their signed manifests. `issuedAtMs` is Unix time. */
export async function buildDemo({
  random,
  issuedAtMs,
  keysOf = () => createMakerKeys(random),
}: {
  random: Random;
  issuedAtMs: number;
  keysOf?: (maker: string) => MakerKeys;
}): Promise<Demo> {
  const locks: VirtualLockIdentity[] = [];
  const makers: DemoMaker[] = [];
  for (const { maker, prefix, model, modelNumber, ...counts } of MAKERS) {
    const own = Array.from({ length: counts.locks }, (_, at) => ({
      identifier: `${prefix}${(at + 1).toString(16).padStart(2, '0').toUpperCase()}`,
      bluetooth: at < counts.older ? ('4.2' as const) : ('5.0' as const),
    }));
    const made = await makeLocks(
      { maker, model, modelNumber, locks: own },
      { keys: keysOf(maker), random, issuedAtMs },
    );
    locks.push(...made.locks);
    makers.push(made.maker);
  }
  return { locks, makers };
}

/** Makes the locks of one production run, with their manifest. `issuedAtMs` is Unix time. */
export async function makeLocks(
  { maker, model, modelNumber, locks }: ProductionRun,
  { keys, random, issuedAtMs }: { keys: MakerKeys; random: Random; issuedAtMs: number },
): Promise<{ readonly locks: readonly VirtualLockIdentity[]; readonly maker: DemoMaker }> {
  const { transportKey } = keys;
  const own = locks.map(
    ({ identifier, bluetooth }): VirtualLockIdentity => ({
      maker,
      identifier,
      model: modelNumber,
      factoryKey: new Secret(random.octets(16)),
      printedCode: new Secret(printedCode(random)),
      bluetooth,
      mtu: bluetooth === '4.2' ? 23 : 247,
      serialKey: new Secret(scalar(random)),
    }),
  );
  const key = importP256(keys.signingKey.reveal());
  const manifest = await signManifest(
    {
      version: 1,
      maker,
      model,
      issued_at: new Date(issuedAtMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      locks: own.map(({ identifier, bluetooth, factoryKey, printedCode, serialKey }) => ({
        identifier,
        model,
        bluetooth,
        factory_key: wrapFactoryKey(nodePrimitives, transportKey, maker, identifier, factoryKey),
        serial_public_key: toBase64(importP256((serialKey ?? new Secret(scalar(random))).reveal()).publicKey),
        printed_code_hash: hashPrintedCode(nodePrimitives, factoryKey, printedCode ?? new Secret('')),
      })),
    },
    (message) => Promise.resolve(signP256(key.privateKey, message)),
  );
  return { locks: own, maker: { maker, manifest, publicKey: key.publicKey, transportKey } };
}

/** The keys of a new maker. */
export function createMakerKeys(random: Random): MakerKeys {
  return { signingKey: new Secret(scalar(random)), transportKey: new Secret(random.octets(32)) };
}

/** Eight digits. */
function printedCode(random: Random): string {
  const drawn = random.octets(6).reduce((value, octet) => value * 256 + octet, 0);
  return String(drawn % 10 ** 8).padStart(8, '0');
}

/** A private scalar of P-256: 32 octets. */
function scalar(random: Random): Uint8Array {
  for (;;) {
    const drawn = random.octets(32);
    try {
      importP256(drawn);
      return drawn;
    } catch (error) {
      // Once in 2^32 a scalar is out of range.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
