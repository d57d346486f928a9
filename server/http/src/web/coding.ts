import type { WebFile } from './apps.ts';

/** A form in which a file goes over the wire. */
interface Coded {
  readonly octets: Buffer;
  /** Value of Content-Encoding; undefined for the file as it is. */
  readonly coding: 'br' | 'gzip' | undefined;
}

/** The smallest form of `file` that the reader's Accept-Encoding (RFC 9110, 12.5.3) takes. */
export function codedFor(header: string | string[] | undefined, { octets, brotli, gzip }: WebFile): Coded {
  const weights = weightsOf(String(header ?? ''));
  const takes = (coding: string): boolean => (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
  if (brotli !== undefined && takes('br')) return { octets: brotli, coding: 'br' };
  if (gzip !== undefined && takes('gzip')) return { octets: gzip, coding: 'gzip' };
  return { octets, coding: undefined };
}

function weightsOf(header: string): ReadonlyMap<string, number> {
  return new Map(
    header.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const weight = parameters.find((one) => one.startsWith('q='))?.slice(2);
      return [name, weight === undefined ? 1 : Number(weight)];
    }),
  );
}
