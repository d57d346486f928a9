import { defineTexts } from '@cardea/client-ui';

/** What a list of events says. */
export const eventListTexts = defineTexts('event-list', {
  sequence: ["the lock's event {{sequence}}", '门锁事件 {{sequence}}'],
  told: ['told', '上报于'],
});
