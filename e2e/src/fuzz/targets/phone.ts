import { decodePhoneRecord, encodePhoneRecord, PhoneError } from '@cardea/client-key';
import { foreseen, must, octetsOf, type Target } from '../target.ts';

/** What a phone keeps: a file that others may have had in their hands. */
export async function phoneRecordTarget(): Promise<Target> {
  const key = {
    door_id: 'door_1',
    door_name: '101',
    identifier: 'C0DEA0000101',
    grant_id: 'grant_1',
    air_grant_id: 'ab'.repeat(16),
    grant: 'cd'.repeat(133),
    presentation_key: '01'.repeat(32),
    advertisement_key: '02'.repeat(16),
    operations: ['unlock', 'override'],
    issued_at_s: 1,
    not_before_s: 0,
    not_after_s: 4294967295,
    lease_end_s: 3,
    order: null,
  };
  const record = {
    phone_id: null,
    keys: [key],
    carried: [{ identifier: 'C0DEA0000101', octets: 'ef'.repeat(36) }],
    brought: { C0DEA0000101: '24ab' },
  };
  const seeds = [
    record,
    { ...record, phone_id: 'phone_1', carried: [], keys: [{ ...key, order: '24ab' }] },
    { phone_id: 'phone_1', keys: [], carried: [], brought: {} },
  ];
  return {
    name: 'phone-record',
    covers: ['client/key/src/record.ts', 'client/key/src/door-key.ts', 'client/key/src/errors.ts'],
    seeds: seeds.map((seed) => octetsOf(JSON.stringify(seed))),
    maxOctets: 1_024,
    run(input) {
      const text = Buffer.from(input).toString('utf8');
      const read = foreseen(PhoneError, () => decodePhoneRecord(text));
      if (read === undefined) return;
      const again = encodePhoneRecord(read);
      must(encodePhoneRecord(decodePhoneRecord(again)) === again, 'what was read can be kept and read again');
    },
  };
}
