import { nodePrimitives } from '@cardea/kit-node';
import { fromAscii } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';

/** A gateway of the fleet and the locks at its doors. Both processes of a bench work it out by themselves. */
export interface FleetGateway {
  readonly id: string;
  readonly propertyId: string;
  readonly locks: readonly FleetLock[];
}

export interface FleetLock {
  readonly id: string;
  readonly doorId: string;
  readonly identifier: string;
  /** The binding key, as if the lock had been bound long ago (16 octets). */
  readonly key: Secret;
}

/** How many there are. */
export interface FleetSize {
  readonly gateways: number;
  readonly locksEach: number;
  /** Whether the record says of each lock that it proved its state when the server started; otherwise none ever did. */
  readonly proved?: boolean;
}

/** One password for all gateways: SCRAM's slow hash is the sign-in's cost, and no figure here is about signing in. */
export const GATEWAY_PASSWORD: Secret<string> = new Secret('one password for the whole bench');
export const KEY_VERSION = 1;

/** A fleet of this size, always the same one. */
export function planFleet({ gateways, locksEach }: FleetSize): readonly FleetGateway[] {
  return Array.from({ length: gateways }, (_, gateway) => ({
    id: `gw_bench-${gateway}`,
    propertyId: `prop_bench-${gateway}`,
    locks: Array.from({ length: locksEach }, (_, at) => planLock(gateway * locksEach + at)),
  }));
}

function planLock(number: number): FleetLock {
  const digest = nodePrimitives.sha256(fromAscii(`bench lock ${number}`));
  return {
    id: `lock_bench-${number}`,
    doorId: `door_bench-${number}`,
    identifier: `BE${number.toString(16).toUpperCase().padStart(10, '0')}`,
    key: new Secret(digest.slice(0, 16)),
  };
}

/** A name for progress lines. */
export const sizeText = ({ gateways, locksEach }: FleetSize): string =>
  `${gateways} gateways with ${locksEach} lock${locksEach === 1 ? '' : 's'} each`;
