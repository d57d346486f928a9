import { Secret } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import type { StoredSigner } from './tables.ts';

const SCALAR_OCTETS = 32;

/** The log's signing key, made the first time that it is asked for. */
export async function signerOf(context: Context): Promise<StoredSigner> {
  const known = await context.read((tx) => tx.audit.signer());
  if (known !== undefined) return known;
  const fresh = await newSigner(context);
  return context.write(async (tx) => {
    const meanwhile = await tx.audit.signer();
    if (meanwhile !== undefined) return meanwhile;
    await tx.audit.setSigner(fresh);
    return fresh;
  });
}

async function newSigner(context: Context): Promise<StoredSigner> {
  for (;;) {
    const scalar = new Secret(context.ports.random.octets(SCALAR_OCTETS));
    const publicKey = await context.ports.keys.publicKeyOf(scalar);
    // One in 2^32 is no scalar of the curve.
    if (publicKey !== undefined) return { publicKey, scalar, madeAt: context.now() };
  }
}
