import { ApiProblem, type Client } from '@cardea/client-sdk';
import type { Grant } from '@cardea/wire-api';

/** A PIN with the grants that it opens, or why one was not made. It is told this once. */
export interface GivenPin {
  readonly grantIds: readonly string[];
  readonly pin: string | undefined;
  readonly problem: unknown;
}

/** What making PINs needs of the API. */
export type PinMaker = { readonly pins: Pick<Client['pins'], 'make'> };

/**
 * Makes PINs for the grants that allow one: the same for all of them, so that a guest has one to remember. Where it is
 * somebody else's already, the grant gets another. A grant that gets none does not keep the others from theirs.
 */
export async function makePins(api: PinMaker, grants: readonly Grant[]): Promise<readonly GivenPin[]> {
  const byPin = new Map<string, string[]>();
  const refused: GivenPin[] = [];
  let first: string | undefined;
  for (const { id, methods } of grants) {
    if (!methods.includes('pin')) continue;
    try {
      const pin = await makeOne(api, id, first);
      first ??= pin;
      byPin.set(pin, [...(byPin.get(pin) ?? []), id]);
    } catch (problem) {
      refused.push({ grantIds: [id], pin: undefined, problem });
    }
  }
  return [...[...byPin].map(([pin, grantIds]) => ({ grantIds, pin, problem: undefined })), ...refused];
}

async function makeOne(api: PinMaker, grantId: string, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined) {
    try {
      await api.pins.make(grantId, { kind: 'online', pin: wanted });
      return wanted;
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.code !== 'conflict') throw problem;
    }
  }
  const { pin } = await api.pins.make(grantId, { kind: 'online' });
  if (pin === null) throw new ApiProblem('malformed_answer', 'The server made a PIN and did not tell it.');
  return pin;
}
