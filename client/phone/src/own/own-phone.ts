import { openPhone, type Phone, type PhoneKey, radioWay } from '@cardea/client-key';
import {
  generateSigningKey,
  signingKey,
  type WebBluetoothRadio,
  webBluetoothRadio,
  webClock,
  webKeyAgreement,
  webPrimitives,
  webRandom,
} from '@cardea/kit-web';
import { LOCK_SERVICE } from '@cardea/wire-lock';
import type { Vault } from '../kept/vault.ts';

/** This browser as a phone. */
export interface OwnPhone {
  readonly phone: Phone;
  readonly key: PhoneKey;
  /** Undefined where the browser has no Web Bluetooth. */
  readonly radio: WebBluetoothRadio | undefined;
}

/** Opens the phone that this browser is, and makes its key the first time. @throws PhoneError `malformed` */
export async function openOwnPhone(vault: Vault): Promise<OwnPhone> {
  let pair = await vault.keyPair();
  if (pair === undefined) {
    pair = await generateSigningKey();
    await vault.keepKeyPair(pair);
  }
  const key = await signingKey(pair);
  const clock = webClock();
  // Undefined in browsers without it, whatever the types say.
  const bluetooth: Bluetooth | undefined = navigator.bluetooth;
  const radio = bluetooth && webBluetoothRadio({ bluetooth, clock, services: [LOCK_SERVICE] });
  const phone = await openPhone({
    key,
    clock,
    way: radio && radioWay({ radio, clock, primitives: webPrimitives }),
    store: vault.record,
    hands: { primitives: webPrimitives, random: webRandom, ...webKeyAgreement },
  });
  return { phone, key, radio };
}
