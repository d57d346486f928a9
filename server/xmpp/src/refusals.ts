import { CoreError, type CoreErrorCode } from '@cardea/server-core';
import { RouteError } from '@cardea/wire-route';
import type { StanzaCondition } from '@cardea/wire-xmpp';

/** The door's one table: from the core's codes to stanza errors. A `wait` condition tells the gateway to send it again. */
const CONDITIONS: Readonly<Record<CoreErrorCode, StanzaCondition>> = {
  invalid: 'bad-request',
  not_signed_in: 'forbidden',
  bad_credentials: 'forbidden',
  bad_code: 'forbidden',
  second_factor_required: 'forbidden',
  second_factor_setup_required: 'forbidden',
  locked_out: 'forbidden',
  password_change_required: 'forbidden',
  not_permitted: 'forbidden',
  not_found: 'item-not-found',
  conflict: 'conflict',
  precondition_failed: 'not-acceptable',
  gone: 'gone',
  too_many: 'resource-constraint',
  unavailable: 'internal-server-error',
};

/** How a report that failed is answered. Only refusals carry words; a broken invariant says nothing of itself. */
export function refusal(error: unknown): { readonly condition: StanzaCondition; readonly text?: string } {
  if (error instanceof RouteError) return { condition: 'bad-request', text: error.message };
  if (error instanceof CoreError) return { condition: CONDITIONS[error.code], text: error.message };
  return { condition: 'internal-server-error' };
}
