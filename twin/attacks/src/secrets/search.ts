import { gunzipSync } from 'node:zlib';

/** A secret that was planted: what it is, and its octets. */
export interface Canary {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** Something that leaves an installation, or lies about in it, where no secret may stand. */
export interface Artefact {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** Shorter secrets would be found by chance. */
const SHORTEST_OCTETS = 8;
/** Members of an archive inside an archive are looked into so deep. */
const DEEPEST = 3;
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** What was found: which secret, where, in which writing. */
export interface Finding {
  readonly canary: string;
  readonly artefact: string;
  readonly writing: string;
}

/** Every secret in every artefact and in what is compressed inside it, in each {@link writingsOf} it. */
export function findSecrets(canaries: readonly Canary[], artefacts: readonly Artefact[]): readonly Finding[] {
  const wanted = canaries.map((canary) => ({ canary, writings: writingsOf(canary.octets) }));
  const findings: Finding[] = [];
  for (const artefact of artefacts) {
    for (const octets of layersOf(Buffer.from(artefact.octets), 0)) {
      // Hex and percent signs are written large and small: one lower-cased copy serves both.
      const lower = Buffer.from(octets.toString('latin1').toLowerCase(), 'latin1');
      for (const { canary, writings } of wanted) {
        const found = writings.find(({ pattern, anyCase }) => (anyCase ? lower : octets).includes(pattern));
        if (found !== undefined) {
          findings.push({ canary: canary.name, artefact: artefact.name, writing: found.writing });
        }
      }
    }
  }
  return findings;
}

interface Writing {
  readonly writing: string;
  readonly pattern: Buffer;
  readonly anyCase: boolean;
}

/** How a secret may be written: as it is, UTF-16, hex, base64 (wherever in the text it begins), base64url, percent, JSON. */
export function writingsOf(octets: Uint8Array): readonly Writing[] {
  if (octets.length < SHORTEST_OCTETS) throw new Error('a secret this short would be found by chance');
  const raw = Buffer.from(octets);
  const all: Writing[] = [
    { writing: 'as it is', pattern: raw, anyCase: false },
    { writing: 'hex', pattern: Buffer.from(raw.toString('hex')), anyCase: true },
    {
      writing: 'hex with colons',
      pattern: Buffer.from(raw.toString('hex').match(/../g)?.join(':') ?? ''),
      anyCase: true,
    },
    { writing: 'percent', pattern: Buffer.from([...raw].map(percent).join('')), anyCase: true },
    { writing: 'a list of numbers', pattern: Buffer.from([...raw].join(',')), anyCase: false },
  ];
  const text = raw.toString('utf8');
  if (Buffer.from(text).equals(raw)) {
    all.push(
      { writing: 'UTF-16LE', pattern: Buffer.from(text, 'utf16le'), anyCase: false },
      { writing: 'UTF-16BE', pattern: Buffer.from(text, 'utf16le').swap16(), anyCase: false },
      { writing: 'JSON', pattern: Buffer.from(JSON.stringify(text).slice(1, -1)), anyCase: false },
      { writing: 'URL', pattern: Buffer.from(encodeURIComponent(text)), anyCase: false },
    );
  }
  for (let shift = 0; shift < 3; shift++) {
    // The characters at either end hold bits of what stands beside the secret: they are cut off.
    const encoded = Buffer.concat([Buffer.alloc(shift), raw])
      .toString('base64')
      .replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const to = ((shift + raw.length) * 8) % 24 === 0 ? encoded.length : encoded.length - 1;
    const inner = encoded.slice(from, to);
    all.push(
      { writing: 'base64', pattern: Buffer.from(inner), anyCase: false },
      { writing: 'base64url', pattern: Buffer.from(inner.replace(/\+/g, '-').replace(/\//g, '_')), anyCase: false },
    );
  }
  return all;
}

const percent = (octet: number): string => `%${octet.toString(16).padStart(2, '0')}`;

/** The octets themselves, and what is compressed in them (gzip, wherever a member begins). */
function layersOf(octets: Buffer, depth: number): readonly Buffer[] {
  const layers = [octets];
  if (depth >= DEEPEST) return layers;
  for (let at = octets.indexOf(GZIP); at >= 0; at = octets.indexOf(GZIP, at + 1)) {
    try {
      layers.push(...layersOf(gunzipSync(octets.subarray(at), { maxOutputLength: 64 * 1024 * 1024 }), depth + 1));
    } catch {
      // Three octets by chance, and no archive.
    }
  }
  return layers;
}
