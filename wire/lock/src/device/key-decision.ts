import { admitKey } from '@cardea/wire-access';
import type { OfflineGrant, OfflineOperation } from '@cardea/wire-profile';
import { RESULT } from '../answer.ts';
import { gateClock, letIn } from './access.ts';
import { answerTo } from './answer.ts';
import { METHOD, methodDetail } from './bolt.ts';
import { recordDenial } from './denials.ts';
import type { Presenter } from './exchange.ts';
import type { AnswerTo } from './state.ts';
import type { Work } from './work.ts';

/** A key that its phone or card has proved, and what it wants. */
export interface ProvedKey {
  readonly grant: OfflineGrant;
  readonly operation: OfflineOperation;
  /** By a level grant, and not one for this lock alone. */
  readonly byLevel: boolean;
}

/**
 * Decides over a key by what the lock holds, and moves the bolt. Whatever comes of it, message 23 says so: a refusal is a
 * denial of its own, and a bolt that somebody else moves is `busy`, which uses nothing up.
 */
export function decideKey(work: Work, presenter: Presenter, key: ProvedKey): void {
  const to: AnswerTo = { kind: 'key', presenter };
  if (work.state.acting !== undefined) {
    answerTo(work, to, { result: 'busy', detail: 0 }, undefined);
    return;
  }
  const { privacy } = work.state.status.bits;
  const admission = admitKey(work.state.access, gateClock(work), { ...key, privacy });
  if (admission.kind === 'refused') {
    const answer = { result: admission.reason, detail: 0 };
    recordDenial(work, RESULT[admission.reason], { kind: 'answer', to, answer });
    return;
  }
  const method = key.byLevel ? METHOD.levelGrant : presenter.via.link === undefined ? METHOD.card : METHOD.phone;
  letIn(work, key.operation, { actor: admission.actor, detail: methodDetail(work, method), to }, admission);
}
