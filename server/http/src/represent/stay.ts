import type { ImportAnswer, Stay, StayAnswer } from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { grant } from './grant.ts';
import { ending } from './key.ts';
import { time, timeOrNull } from './time.ts';

/** A stay as the API shows it. */
export function stay(row: Stay): api.Stay {
  return {
    id: row.id,
    property_id: row.propertyId,
    person_id: row.personId,
    door_ids: [...row.doorIds],
    from: time(row.fromAt),
    to: time(row.toAt),
    state: row.state,
    source: row.source,
    reference: row.reference,
    checked_in_at: timeOrNull(row.checkedInAt),
    checked_out_at: timeOrNull(row.checkedOutAt),
    created_by: row.createdBy,
    created_at: time(row.createdAt),
  };
}

/** A stay after a verb. */
export function stayAnswer(answer: StayAnswer): api.StayAnswer {
  return {
    stay: stay(answer.stay),
    grants: answer.grants.map(grant),
    endings: answer.endings.map((one) => ({
      door_id: one.doorId,
      person_id: one.personId,
      grant_id: one.grantId,
      ending: ending(one.ending),
    })),
  };
}

/** What became of a file of reservations. */
export function stayImport({ dryRun, lines }: ImportAnswer): api.StayImport {
  return {
    dry_run: dryRun,
    lines: lines.map(({ line, reference, result, stayId, field, message }) => ({
      line,
      reference,
      result,
      stay_id: stayId,
      field,
      message,
    })),
  };
}
