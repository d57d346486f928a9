import { decodeAdvertisement, decodeMessage } from '@cardea/wire-maker2';
import { type DecodedField, describe, type Meanings } from './describe.ts';

/** What the fields mean; docs/maker2.md says more. */
const MEANINGS: Meanings = {
  kind: 'kind of the message',
  ask: 'names the request, so that a duplicate gets the same answer',
  challenge: 'issued by the lock; the next command must carry it',
  nonce: 'of AES-CCM, never twice under one key',
  sealed: 'AES-CCM ciphertext and 8-octet tag',
  random: 'fresh randomness of the sender',
  publicKey: 'ephemeral P-256 key, uncompressed',
  mac: 'AES-CMAC over the message under the factory key',
  keyVersion: 'counts the binding runs of this lock',
  resetCount: 'counts the resets of this lock; it never goes down',
  code: 'why the lock will not; not authenticated, a hint and nothing more',
  salt: 'random, new every 15 minutes',
  hash: 'by which a gateway that holds the advertisement key recognises the lock',
  count: "grows with each change of the lock's state",
  windowOpen: 'whether the lock may be bound now',
};

/** A message of the second maker's protocol; its sealed part stays sealed. @throws Maker2Error */
export const decodeMaker2 = (octets: Uint8Array): DecodedField[] => describe(decodeMessage(octets), MEANINGS);

/** What the second maker's locks advertise. @throws Maker2Error */
export const decodeMaker2Advertisement = (octets: Uint8Array): DecodedField[] =>
  describe(decodeAdvertisement(octets), MEANINGS);
