import type { DoorKey } from '@cardea/client-key';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { doorRows } from '../src/doors/rows.ts';
import type { KeptDoor } from '../src/kept/vault.ts';
import { keysAreDue } from '../src/own/refresh.ts';

const key = (change: Partial<DoorKey> = {}): DoorKey => ({
  doorId: 'door_1',
  doorName: '101',
  identifier: 'C0DEA0000101',
  grantId: 'grant_1',
  airGrantId: new Uint8Array(16),
  grant: new Uint8Array(133),
  presentationKey: new Secret(new Uint8Array(32)),
  advertisementKey: new Secret(new Uint8Array(16)),
  operations: ['unlock'],
  issuedAtS: 0,
  notBeforeS: 0,
  notAfterS: 10_000,
  leaseEndS: 1_000,
  order: undefined,
  ...change,
});
const kept: KeptDoor = {
  id: 'door_1',
  name: '101',
  zone: 'Europe/Berlin',
  opensFrom: null,
  opensUntil: null,
  fromAfar: { permitted: true, opens: true, against: null },
  hasPin: false,
};

describe('the doors on the screen', () => {
  it('are those of the server and those of the keys, each once, by number', () => {
    const doors = [{ ...kept, id: 'door_10', name: '10' }, kept];
    const rows = doorRows(doors, [key(), key({ doorId: 'door_9', doorName: '9' })], 5);
    expect(rows.map(({ name }) => name)).toEqual(['9', '10', '101']);
  });

  it('open without network until the longest lease is over, and are over with their window', () => {
    const [row] = doorRows([kept], [key(), key({ leaseEndS: 2_000 })], 5);
    expect(row).toMatchObject({ offlineUntilS: 2_000, endsS: 10_000, opensFromS: undefined });
  });

  it('do not open without network when every lease is over', () => {
    expect(doorRows([kept], [key()], 1_001)[0]).toMatchObject({ offlineUntilS: undefined, endsS: undefined });
  });

  it('that open later say from when on', () => {
    const [row] = doorRows([], [key({ notBeforeS: 500 })], 5);
    expect(row).toMatchObject({ opensFromS: 500, offlineUntilS: undefined });
  });

  it('whose window has no end show none', () => {
    expect(doorRows([], [key({ notAfterS: 0xffff_ffff })], 5)[0]?.endsS).toBeUndefined();
  });
});

describe('what the server said of its own way', () => {
  const refused: KeptDoor = {
    ...kept,
    opensFrom: '1970-01-01T00:01:00Z',
    fromAfar: { permitted: false, opens: false, against: 'window' },
  };

  it('holds until the time of the door has come, which is shown', () => {
    expect(doorRows([refused], [], 59)[0]).toMatchObject({ opensFromS: 60, fromAfar: { permitted: false } });
  });

  it('is not held against the door afterwards', () => {
    expect(doorRows([refused], [], 60)[0]).toMatchObject({ opensFromS: undefined, fromAfar: undefined });
  });
});

describe('keys are fetched anew', () => {
  it('when half of a lease is over, and not before', () => {
    expect(keysAreDue([key()], 499)).toBe(false);
    expect(keysAreDue([key()], 500)).toBe(true);
  });

  it('when there is none', () => {
    expect(keysAreDue([], 0)).toBe(true);
  });
});
