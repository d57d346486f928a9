import { createHmac, createSecretKey } from 'node:crypto';
import { agreeP256, generateP256, signP256, systemRandom, verifyP256 } from '@cardea/kit-node';
import { hotelDoor } from './hotel/door.ts';
import { type Figure, figure, interleavedCpu } from './measure.ts';

/** Of HKDF and of the lock's proof, at both ends together: Kg, PRK, three keys, the tag made and checked, the grant's key. */
const HMACS = 14;

/**
 * CPU of an offline exchange, both halves (the phone's machine and the lock's, with its seals, records and the bolt),
 * beside the bare operations that nobody can do without: two ephemeral pairs, an agreement at each end, a signature, its
 * check, and the HMACs of the key schedules.
 */
export async function exchange({
  rounds = 15,
  calls = 40,
}: {
  readonly rounds?: number;
  readonly calls?: number;
} = {}): Promise<readonly Figure[]> {
  const door = hotelDoor(0);
  const phone = generateP256();
  const nowS = Math.floor(door.nowMs() / 1_000);
  const key = door.sealKey({
    noClock: false,
    grantId: systemRandom.octets(16),
    phoneKey: phone.publicKey,
    operations: ['unlock'],
    notBeforeS: nowS - 3_600,
    notAfterS: nowS + 30 * 86_400,
    leaseEndS: nowS + 30 * 86_400,
    issuedAtS: nowS,
    series: 1,
    generation: 1,
    uses: 0,
    scheduleNumber: 0,
  });
  const kg = createSecretKey(key.presentationKey.reveal());
  const said = systemRandom.octets(160);
  const median = interleavedCpu(
    {
      ours(count) {
        for (let i = 0; i < count; i++) if (!door.tap(key, phone)) throw new Error('the door did not open');
        // Nothing of the record may grow from round to round.
        door.poll();
      },
      bare(count) {
        for (let i = 0; i < count; i++) {
          const [atLock, atPhone] = [generateP256(), generateP256()];
          agreeP256(atLock.privateKey, atPhone.publicKey);
          agreeP256(atPhone.privateKey, atLock.publicKey);
          if (!verifyP256(phone.publicKey, said, signP256(phone.privateKey, said))) throw new Error('not verified');
          for (let one = 0; one < HMACS; one++) createHmac('sha256', kg).update(said).digest();
        }
      },
    },
    { rounds, calls },
  );
  return [
    figure('offline exchange, both halves / its bare cryptography, CPU', median.ours / median.bare, 'ratio', '<= 3', {
      ours_us: median.ours,
      bare_us: median.bare,
      rounds,
      calls,
    }),
  ];
}
