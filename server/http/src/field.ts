import type { Endpoint } from '@cardea/wire-api';

/** Inputs that the core calls otherwise than the API does. */
const apiNames: Readonly<Record<string, string>> = { current: 'current_password', next: 'new_password' };

/** The core's name of an input as the API spells it, with the part of the request that it is in. */
export function fieldIn(endpoint: Endpoint | undefined, field: string): string {
  const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const name = apiNames[snake] ?? snake.replace(/^manifest\./, '');
  const [head = name] = name.split('.');
  const { body, query, params } = endpoint ?? {};
  for (const [part, schema] of [
    ['body', body],
    ['query', query],
    ['path', params],
  ] as const) {
    if (takes(schema, head)) return `${part}.${name}`;
  }
  // The thing that the path names: `door_id` at /v1/doors/{id}/enrol.
  if (name.endsWith('_id') && takes(params, 'id')) return 'path.id';
  return body === undefined ? name : `body.${name}`;
}

function takes(schema: unknown, name: string): boolean {
  const { properties = {} } = (schema ?? {}) as { readonly properties?: Readonly<Record<string, unknown>> };
  return Object.hasOwn(properties, name);
}
