import type { Endpoint } from '@cardea/wire-api';

/** The core's name of an input as the API spells it, with the part of the request that it is in. */
export function fieldIn(endpoint: Endpoint | undefined, field: string): string {
  const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const [head = name] = name.split('.');
  const { body, query, params } = endpoint ?? {};
  for (const [part, schema] of [
    ['body', body],
    ['query', query],
    ['path', params],
  ] as const) {
    const { properties = {} } = (schema ?? {}) as { properties?: Record<string, unknown> };
    if (Object.hasOwn(properties, head)) return `${part}.${name}`;
  }
  return body === undefined ? name : `body.${name}`;
}
