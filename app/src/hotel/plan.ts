/** The small hotel of the demo: one property, two floors of six doors, one gateway. */
export const HOTEL = {
  property: {
    name: 'Hotel Cardea',
    time_zone: 'Europe/Berlin',
    region: 'eu',
    geofence: { latitude: 52.5163, longitude: 13.3777, radius_m: 150 },
  },
  gateway: 'Gateway 1',
  floors: [1, 2],
  doorsOnFloor: 6,
} as const;

/** What is written on the doors, floor by floor: 101 to 106, 201 to 206. */
export function doorNames(): readonly { readonly name: string; readonly level: number }[] {
  return HOTEL.floors.flatMap((level) =>
    Array.from({ length: HOTEL.doorsOnFloor }, (_, i) => ({ name: String(100 * level + i + 1), level })),
  );
}
