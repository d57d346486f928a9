import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import type { Grant } from '../model.ts';
import { holds, requireScope } from '../person/roles.ts';
import type { Transaction } from '../ports.ts';
import { type DoorLock, doorLockOf, lockFindings } from './at-the-lock.ts';
import { bestOf, type Decision, decideByGrant, decideByRole, type Held, heldAt, type Request } from './decide.ts';
import type { ExplainedWay, Explanation } from './explanation.ts';
import { offlineRights } from './offline.ts';
import { allPass, type Finding, finding } from './rule.ts';

/** What explaining needs beside the record. */
export interface ExplainWorld {
  readonly context: Context;
  reach(organizationId: string, identifier: string, propertyId: string): string | undefined;
  supports(maker: string): boolean;
}

/** Explains, to whoever reads grants, and to everybody for himself. */
export function explainUseCase(world: ExplainWorld): Core['grants']['explain'] {
  const { context } = world;
  return async (actor, doorId, { personId, at = context.now(), operation = 'unlock' }) => {
    if (!holds(actor, 'grants:read')) {
      requireScope(actor, personId === actor.personId ? 'access:use' : 'grants:read');
    }
    if (!Number.isFinite(at)) throw new CoreError('invalid', 'at must be a time', { field: 'at' });
    return context.read(async (tx) => {
      const door = found('door', await tx.doors.get(actor.organizationId, doorId));
      // Of whoever is not here nothing is explained, as of nobody.
      const person = found('person', await tx.persons.get(actor.organizationId, personId));
      const property = found('property', await tx.properties.get(actor.organizationId, door.propertyId));
      const known = await doorLockOf(tx, door, world);
      const request: Request = { organizationId: actor.organizationId, personId, door, at, operation };
      const held = await heldAt(tx, request, property);
      const byRole = decideByRole(person, request);
      const decision = byRole.permit ? byRole : decideByGrant(byRole, held, request);
      const asked = { override: operation === 'override', at, timeZone: property.timeZone };
      const afar = lockFindings(known, { ...asked, where: 'afar', timeBound: false });
      const atDoor = await atTheDoor(tx, request, held, property, known, asked);
      return {
        personId,
        doorId: door.id,
        lockId: door.lockId,
        operation,
        at,
        timeZone: property.timeZone,
        afar: wayOf(decision, decision.rules, afar),
        door: atDoor,
        clock: known.report ?? null,
        provedAt: known.report?.provedAt ?? null,
      };
    });
  };
}

async function atTheDoor(
  tx: Transaction,
  request: Request,
  held: Held,
  property: Parameters<typeof offlineRights>[3]['property'],
  known: DoorLock,
  asked: { readonly override: boolean; readonly at: number; readonly timeZone: string },
): Promise<Explanation['door']> {
  const best = bestOf(held, request, 'door');
  const grant = best?.grant;
  if (best === undefined || grant === undefined) {
    const none = finding('grant', false, () => 'no grant of this person reaches this door');
    return { ...wayOf(undefined, [none], []), opensUntil: null };
  }
  const rights =
    known.lock === undefined
      ? undefined
      : await offlineRights(tx, grant, known.lock.id, { at: request.at, property, report: known.report });
  const own = rights === undefined ? best.rules : [...best.rules, rights.finding];
  const decision: Decision = { ...best, permit: allPass(own), by: allPass(own) ? 'grant' : null };
  const lock = lockFindings(known, { ...asked, where: 'door', timeBound: isTimeBound(grant) });
  return { ...wayOf(decision, own, lock), opensUntil: rights?.opensUntil ?? null };
}

/** Every key has a lease, and so a time; a grant that is for ever and always leaves the matter to it. */
function isTimeBound({ notAfter, scheduleId }: Grant): boolean {
  return notAfter !== null || scheduleId !== null;
}

function wayOf(
  decision: Pick<Decision, 'permit' | 'by' | 'grant'> | undefined,
  own: readonly Finding[],
  lock: readonly Finding[],
): ExplainedWay {
  const permitted = decision?.permit ?? false;
  // A role that permits does not ask for a grant: what stands against is only what stands against.
  const all = [...own, ...lock];
  return {
    permitted,
    opens: permitted && allPass(lock),
    by: decision?.by ?? null,
    grantId: decision?.grant?.id ?? null,
    against: all.find(({ passed }) => passed === false)?.rule ?? null,
    rules: all.map(({ rule, passed, detail }) => ({ rule, passed, detail: detail() })),
  };
}
