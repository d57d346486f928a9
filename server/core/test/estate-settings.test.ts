import { expect, it } from 'vitest';
import { openWorld } from './kit.ts';

it('a new property says what is usual, and changes in what is named alone', async () => {
  const { core, owner, propertyId } = await openWorld();
  const usual = await core.estate.getProperty(owner, propertyId);
  expect(usual).toMatchObject({ checkInTime: '15:00', checkOutTime: '11:00', offlineLeaseS: 86_400 });
  const changed = await core.estate.changeProperty(owner, propertyId, { checkOutTime: '12:30', offlineLeaseS: null });
  expect(changed).toEqual({ ...usual, checkOutTime: '12:30', offlineLeaseS: null });
  const fence = {
    polygon: [
      { latitude: 52.5, longitude: 13.4 },
      { latitude: 52.5, longitude: 13.41 },
      { latitude: 52.51, longitude: 13.4 },
    ],
  };
  await core.estate.changeProperty(owner, propertyId, { geofence: fence });
  expect(await core.estate.getProperty(owner, propertyId)).toEqual({ ...changed, geofence: fence });
});

it.each([
  ['check_out_time', { checkOutTime: '24:00' }],
  ['check_in_time', { checkInTime: '9:00' }],
  ['offline_lease_s', { offlineLeaseS: 299 }],
  ['geofence.radius_m', { geofence: { latitude: 0, longitude: 0, radiusM: 0 } }],
])('refuses what is wrong and names %s', async (field, change) => {
  const { core, owner, propertyId } = await openWorld();
  await expect(core.estate.changeProperty(owner, propertyId, change)).rejects.toMatchObject({ code: 'invalid', field });
});

it('says of a door what it is for', async () => {
  const { core, owner, propertyId, door } = await openWorld();
  expect((await core.estate.getDoor(owner, door.id)).kind).toBe('guest');
  await core.estate.changeDoor(owner, door.id, { kind: 'common' });
  expect((await core.estate.getDoor(owner, door.id)).kind).toBe('common');
  const staff = await core.estate.addDoor(owner, { propertyId, floorId: null, name: 'Linen', kind: 'staff' });
  expect(staff.kind).toBe('staff');
});

it.each([
  ['a right-to-left override', '\u202e'],
  ['an embedding', '\u202b'],
  ['an isolate', '\u2067'],
  ['the end of an isolate', '\u2069'],
  ['a line feed', '\n'],
])('no name holds %s, by which what stands beside it would read otherwise', async (_, mark) => {
  const { core, owner, propertyId } = await openWorld();
  const named = core.estate.changeProperty(owner, propertyId, { name: `101${mark}202` });
  await expect(named).rejects.toMatchObject({ code: 'invalid', field: 'name' });
});

it('a name in letters that run from right to left is a name, as are joined characters', async () => {
  const { core, owner, propertyId } = await openWorld();
  for (const name of ['\u05de\u05dc\u05d5\u05df', '\u0641\u0646\u062f\u0642', '\u{1F469}\u200d\u{1F52C}']) {
    expect(await core.estate.changeProperty(owner, propertyId, { name })).toMatchObject({ name });
  }
});
