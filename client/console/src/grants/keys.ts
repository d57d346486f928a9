import type { Grant } from '@cardea/wire-api';
import type { Tone } from '../parts/state-badge.tsx';

/** Query key of all grants; whoever makes, changes or revokes one invalidates it. */
export const GRANTS_KEY = ['grants'] as const;

/** Query key of the methods of a grant, as the list of endings has it too. */
export const methodsKey = (grantId: string): readonly [string, string] => ['grant-methods', grantId];

/** How the state of a grant is to be taken. */
export const GRANT_TONES: Readonly<Record<Grant['state'], Tone>> = { active: 'good', revoked: 'bad', ended: 'quiet' };

/** What was read, with the ETag by which it is changed only if it is still that. */
export interface ReadGrant {
  readonly grant: Grant;
  readonly etag: string;
}
