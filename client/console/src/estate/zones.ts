/** The zone (IANA) of this browser. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Every zone that this browser knows, its own among them: browsers leave out names that are the same as another's. */
export function everyZone(own: string): readonly string[] {
  return [...new Set([own, ...Intl.supportedValuesOf('timeZone')])].sort();
}

const REGIONS: Readonly<Record<string, string>> = {
  Europe: 'eu',
  Africa: 'af',
  America: 'us',
  Asia: 'ap',
  Australia: 'ap',
  Pacific: 'ap',
};

/** What the region of a property is most likely called, by its zone. */
export function guessRegion(zone: string): string {
  return REGIONS[zone.slice(0, zone.indexOf('/'))] ?? 'eu';
}
