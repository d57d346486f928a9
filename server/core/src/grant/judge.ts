import type { Position } from '../geofence/position.ts';
import { whereabouts } from '../geofence/position.ts';
import type { Grant, GrantOperation, Property, Schedule } from '../model.ts';
import { isOpenAt } from '../schedule/wall-clock.ts';
import { type Finding, finding } from './rule.ts';
import { durationText, localText } from './words.ts';

/** What a grant is judged by. */
export interface Question {
  readonly at: number;
  /** `status` is asked by whoever may unlock. */
  readonly operation: GrantOperation | 'status';
  /** From afar the server decides everything; at the door the lock does, and what only the server can decide fails. */
  readonly where: 'afar' | 'door';
  readonly position: Position | undefined;
  readonly property: Property;
  readonly schedule: Schedule | undefined;
}

/** A grant's own rules, in the order in which people ask them. */
export function judge(grant: Grant, question: Question): readonly Finding[] {
  return [
    state(grant, question),
    operation(grant, question),
    window(grant, question),
    schedule(grant, question),
    uses(grant),
    geofence(grant, question),
    firstUse(grant, question),
    secondPerson(grant, question),
  ];
}

function state(grant: Grant, { property }: Question): Finding {
  return finding('grant', grant.state === 'active', () => {
    const reach = {
      doors: 'names this door',
      floor: 'reaches the whole floor',
      property: 'reaches the whole property',
    };
    if (grant.state === 'active') return `the grant ${grant.id} ${reach[grant.scope.kind]}`;
    const when = grant.revokedAt === null ? '' : ` at ${localText(property.timeZone, grant.revokedAt)}`;
    return `the grant ${grant.id} was ${grant.state}${when}`;
  });
}

function operation(grant: Grant, { operation }: Question): Finding {
  const needed = operation === 'status' ? 'unlock' : operation;
  return finding('operation', grant.operations.includes(needed), () => `the grant allows ${list(grant.operations)}`);
}

function window(grant: Grant, { at, property: { timeZone } }: Question): Finding {
  const early = at < grant.notBefore;
  const late = grant.notAfter !== null && at >= grant.notAfter;
  return finding('window', !early && !late, () => {
    if (early)
      return `it begins at ${localText(timeZone, grant.notBefore)}, ${durationText((grant.notBefore - at) / 1000)} later`;
    if (grant.notAfter === null) return `since ${localText(timeZone, grant.notBefore)}, until it is revoked`;
    if (late)
      return `it ended at ${localText(timeZone, grant.notAfter)}, ${durationText((at - grant.notAfter) / 1000)} earlier`;
    return `from ${localText(timeZone, grant.notBefore)} to ${localText(timeZone, grant.notAfter)}`;
  });
}

function schedule(grant: Grant, { at, property: { timeZone }, schedule }: Question): Finding {
  if (grant.scheduleId === null) return finding('schedule', null, () => 'at any time of the window');
  if (schedule === undefined) return finding('schedule', false, () => 'its schedule is not there any more');
  const open = isOpenAt(schedule, timeZone, at);
  return finding('schedule', open, () => {
    const clock = `${localText(timeZone, at)} in ${timeZone}`;
    return `the schedule ${schedule.name} is ${open ? 'open' : 'closed'} at ${clock}`;
  });
}

function uses({ uses, used }: Grant): Finding {
  if (uses === null) return finding('uses', null, () => 'any number of times');
  return finding('uses', used < uses, () => `used ${used} of ${uses} times`);
}

function geofence({ conditions }: Grant, { property, position, where }: Question): Finding {
  if (!conditions.geofence) return finding('geofence', null, () => 'from anywhere');
  if (where === 'door') return finding('geofence', false, () => 'only the server asks a phone where it is');
  if (property.geofence === null) return finding('geofence', false, () => 'the property has no geofence yet');
  if (position === undefined) return finding('geofence', false, () => 'the phone has to say where it is');
  const found = whereabouts(property.geofence, position);
  return finding('geofence', found === 'inside', () =>
    found === 'too_vague' ? 'the position is not accurate enough' : `the phone says that it is ${found}`,
  );
}

function firstUse(grant: Grant, { where, property }: Question): Finding {
  const { firstUse } = grant.conditions;
  if (firstUse === null) return finding('first_use', null, () => 'no matter when it is first used');
  if (grant.firstUsedAt !== null) {
    const { firstUsedAt } = grant;
    return finding(
      'first_use',
      true,
      () => `it began with its first use at ${localText(property.timeZone, firstUsedAt)}`,
    );
  }
  const lasts = durationText(firstUse.validForS);
  if (where === 'door') return finding('first_use', false, () => `its first use is from afar, and begins its ${lasts}`);
  return finding('first_use', true, () => `it begins with this opening and lasts ${lasts}`);
}

function secondPerson({ conditions }: Grant, { where }: Question): Finding {
  if (!conditions.secondPerson) return finding('second_person', null, () => 'alone');
  if (where === 'door') return finding('second_person', false, () => 'a second person can only confirm from afar');
  return finding('second_person', true, () => 'another person who may open the door has to confirm within 60 s');
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
