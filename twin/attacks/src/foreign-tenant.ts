import { openApi } from '@cardea/wire-api';
import { type Attack, type AttackOptions, type AttackResult, resultOf, type Trial } from './attack.ts';
import { idempotencyKeys } from './tenants/idempotency-keys.ts';
import { openPages } from './tenants/open-pages.ts';
import { phonesForOthers } from './tenants/phones.ts';
import { placesOf } from './tenants/places.ts';
import { everyPlace } from './tenants/probe.ts';
import { signInNames } from './tenants/sign-in-names.ts';
import { eventStreams } from './tenants/streams.ts';
import { type TwoTenants, twoTenants } from './tenants/two-tenants.ts';
import { gatewayReports } from './tenants/uplink.ts';

/**
 * Attack 36: whoever has an account asks for what is another organization's, by its id, everywhere that an id can stand.
 * The places are found in the OpenAPI document, so that a new route is tried or named as not looked at.
 */
export const foreignTenant: Attack = {
  id: 36,
  title: "another tenant's data by id: every place of the OpenAPI document, streams, keys, gateways' addresses",
  weakDouble: 'a store that looks for a row by its id and forgets whose it is',
  run: ({ weak, seed }: AttackOptions) => run(openApi('0'), seed, weak),
};

/** Tries everything that `document` describes, in both directions between the operator's organization and another. */
export async function run(document: object, seed: number, weak: boolean): Promise<AttackResult> {
  const found = placesOf(document);
  const trials: Trial[] = found.unknown.map((place) => ({ name: `nobody has looked at ${place}`, through: true }));
  for (const direction of ['the operator at another tenant', 'a tenant at the operator'] as const) {
    const open = (): Promise<TwoTenants> => twoTenants(seed, weak);
    const sides = (world: TwoTenants) =>
      direction === 'a tenant at the operator'
        ? { attacker: world.second, victim: world.first }
        : { attacker: world.first, victim: world.second };
    const part = (each: Trial): void => void trials.push({ ...each, name: `${direction}: ${each.name}` });
    for (const trial of await everyPlace(found, open, sides)) part(trial);
    for (const trial of await idempotencyKeys(found.operations, open, sides)) part(trial);
    for (const trial of await eventStreams(found, open, sides)) part(trial);
    for (const trial of await gatewayReports(open, sides)) part(trial);
    for (const trial of await signInNames(found.operations, open, sides)) part(trial);
    for (const trial of await phonesForOthers(open, sides)) part(trial);
    for (const trial of await openPages(found.operations, open, sides)) part(trial);
  }
  return resultOf(trials);
}
