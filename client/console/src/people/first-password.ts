/** Without letters that are taken for others: it is read out and typed. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LETTERS = 4;

/** A password to be handed over once, some 79 bits: `k7mw-p2xe-...`. `random` gives so many random octets. */
export function makeFirstPassword(random: (octets: number) => Uint8Array): string {
  const letters: string[] = [];
  while (letters.length < GROUPS * GROUP_LETTERS) {
    // Octets beyond the last whole alphabet would favour its first letters.
    const fair = [...random(GROUPS * GROUP_LETTERS)].filter((octet) => octet < 256 - (256 % LETTERS.length));
    letters.push(...fair.map((octet) => LETTERS.charAt(octet % LETTERS.length)));
  }
  return Array.from({ length: GROUPS }, (_, at) =>
    letters.slice(at * GROUP_LETTERS, (at + 1) * GROUP_LETTERS).join(''),
  ).join('-');
}

/** Random octets of the browser. */
export function browserRandom(octets: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(octets));
}
