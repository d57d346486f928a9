import { importP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { toBase64 } from '@cardea/kit-octets';
import { type Random, Secret } from '@cardea/kit-runtime';
import { hashPrintedCode, signManifest, wrapFactoryKey } from '@cardea/wire-manifest';

/** What an operator imports: a signed manifest of locks of the maker `cardea`, with the maker's keys. */
export async function makersParcel(random: Random, identifiers: readonly string[]): Promise<Record<string, unknown>> {
  const maker = importP256(random.octets(32));
  const serial = importP256(random.octets(32));
  const transportKey = new Secret(random.octets(32));
  const locks = identifiers.map((identifier) => {
    const factoryKey = new Secret(random.octets(16));
    return {
      identifier,
      model: 'c-one',
      bluetooth: '5.0' as const,
      factory_key: wrapFactoryKey(nodePrimitives, transportKey, 'cardea', identifier, factoryKey),
      serial_public_key: toBase64(serial.publicKey),
      printed_code_hash: hashPrintedCode(nodePrimitives, factoryKey, new Secret('12345678')),
    };
  });
  const manifest = await signManifest(
    { version: 1, maker: 'cardea', model: 'c-one', issued_at: '2026-01-31T09:00:00Z', locks },
    async (message) => signP256(maker.privateKey, message),
  );
  return { manifest, maker_key: toBase64(maker.publicKey), transport_key: toBase64(transportKey.reveal()) };
}
