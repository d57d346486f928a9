import { type Attack, resultOf } from './attack.ts';
import { askingForCodes } from './sign-in/asking-for-codes.ts';
import { sentCodes } from './sign-in/codes.ts';
import { enumeration } from './sign-in/enumeration.ts';
import { gatewayNames } from './sign-in/gateways.ts';
import { floodOfHashes, guessing, lockedOutOwner, stuffing } from './sign-in/guessing.ts';
import { passkeyAnswers } from './sign-in/passkeys.ts';
import { phoneKeys } from './sign-in/phones.ts';
import { secondStepCodes } from './sign-in/second-step.ts';
import { surface } from './sign-in/surface.ts';
import { timeOfHashes } from './sign-in/time-of-hashes.ts';

/** Attack 41: into an account by other sites' passwords, finding out who has one, and keeping its owner out. */
export const credentialStuffing: Attack = {
  id: 41,
  title: 'credential stuffing, enumeration by answer and by work, lock-out as denial of service',
  weakDouble:
    'sign-ins of which each is weak in one point: counts by account alone, by address alone, by nothing that tells the ' +
    "owner's own address, no hash for nobody, no challenge for an unknown gateway, a code only where it leads " +
    'somewhere, no count of tries, of codes sent, of second factors, nothing used up, any challenge, any passkey, phones that stay',
  async run({ weak, seed, effort }) {
    return resultOf([
      await stuffing(seed, weak, effort),
      await guessing(seed, weak, effort),
      await lockedOutOwner(seed, weak),
      await floodOfHashes(seed),
      ...(await enumeration(seed, weak)),
      ...(await askingForCodes(seed, weak)),
      await gatewayNames(seed, weak),
      ...(await sentCodes(seed, weak, effort)),
      ...(await secondStepCodes(seed, weak, effort)),
      ...(await passkeyAnswers(seed, weak)),
      ...(await phoneKeys(seed, weak)),
      ...surface(),
      await timeOfHashes(effort),
    ]);
  },
};
