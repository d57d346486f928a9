import type { Secret } from '@cardea/kit-runtime';
import type { Actor } from '../actor.ts';
import type { MethodView } from '../method/endings.ts';
import type { LockItem, OfflinePinGiven } from '../model.ts';
import type { WindowName } from './windows.ts';

/** An offline PIN as it is shown, once. */
export interface ShownOfflinePin {
  readonly given: OfflinePinGiven;
  readonly doorId: string | null;
  readonly pin: Secret<string>;
}

/** PINs of grants and the keypads that they are entered at. Everybody's own with `access:use`, any with `grants:write`. */
export interface PinUseCases {
  /** One PIN for all doors of the grant, made here or `chosen`, shown once; a former one of the grant is replaced. */
  makeOnline(
    actor: Actor,
    grantId: string,
    chosen: Secret<string> | undefined,
  ): Promise<{ readonly pin: Secret<string>; readonly methods: readonly MethodView[] }>;
  /** One PIN for each door of the grant, which the locks compute for themselves, shown once. */
  makeOffline(
    actor: Actor,
    grantId: string,
    input: { readonly window: WindowName; readonly startAt: number },
  ): Promise<readonly ShownOfflinePin[]>;
  list(
    actor: Actor,
    grantId: string,
  ): Promise<{ readonly online: readonly MethodView[]; readonly offline: readonly OfflinePinGiven[] }>;
  /** Takes all PINs of the grant away. Offline PINs of a lock end together: those of others there too. */
  remove(actor: Actor, grantId: string): Promise<readonly MethodView[]>;
  /** Somebody has looked at the keypad: it takes entries again once the lock has heard. */
  reopenKeypad(actor: Actor, doorId: string): Promise<LockItem>;
}
