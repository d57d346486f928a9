import type { Primitives } from '@cardea/kit-crypto';
import type { GatewayDriver } from '@cardea/wire-profile';
import { beaconState, decodeAdvertisement, isAdvertisedBy } from './advertisement.ts';
import { Maker2Error } from './errors.ts';
import { maker2Link } from './link.ts';
import { maker2Profile } from './profile.ts';

/** The gateway half: recognises these locks and carries their messages in chunks; it opens none. */
export function maker2Driver(primitives: Primitives): GatewayDriver {
  return {
    profile: maker2Profile,
    recognise(data, known) {
      const advertisement = read(data);
      if (advertisement === undefined || advertisement.kind === 'unbound') return advertisement;
      const lock = known.find(
        ({ maker, advertisementKey }) =>
          maker === maker2Profile.maker &&
          advertisementKey !== undefined &&
          isAdvertisedBy(primitives, advertisementKey, advertisement),
      );
      if (lock === undefined) return undefined;
      return { kind: 'bound', identifier: lock.identifier, state: beaconState(advertisement) };
    },
    link: maker2Link,
  };
}

/** Anybody can advertise anything: what cannot be read is no lock of this maker. */
function read(data: Uint8Array): ReturnType<typeof decodeAdvertisement> | undefined {
  try {
    return decodeAdvertisement(data);
  } catch (error) {
    if (error instanceof Maker2Error) return undefined;
    throw error;
  }
}
