import type { Organization } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** An organization as the API shows one. */
export function organization({ id, name, createdAt }: Organization): api.Organization {
  return { id, name, created_at: time(createdAt) };
}
