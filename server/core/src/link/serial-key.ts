import type { Primitives } from '@cardea/kit-crypto';
import { Secret } from '@cardea/kit-runtime';
import { cardeaProfile } from '@cardea/wire-lock';
import type { LockIdentity } from '@cardea/wire-profile';
import { serialKeyOf } from '@cardea/wire-scpm';

/**
 * The serial key on a lock's case (docs/scpm.md), worked out from its factory key; `undefined` where the maker's locks
 * speak no SCPM. Dear enough to be kept: gateways are told of their locks often.
 */
export function serialKey(primitives: Primitives, maker: string, { factoryKey }: LockIdentity): Secret | undefined {
  return maker === cardeaProfile.maker ? new Secret(serialKeyOf(primitives, factoryKey.reveal())) : undefined;
}
