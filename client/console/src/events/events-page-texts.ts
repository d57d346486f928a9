import { defineTexts } from '@cardea/client-ui';

/** What the page of events says. */
export const eventsPageTexts = defineTexts('events-page', {
  lead: [
    'Everything that was recorded, the newest first. What happens now appears at the top.',
    '全部记录，最新在前；新发生的事件会出现在顶部。',
  ],
  door: ['Door', '门'],
  everyDoor: ['Every door', '所有门'],
  type: ['Kind of event', '事件类型'],
  everyType: ['Everything', '全部'],
  noType: ['No such kind', '没有此类型'],
  none: ['Nothing has been recorded', '没有记录'],
  noneWhy: ['Events appear here as they happen.', '事件发生后会显示在这里。'],
  noneFiltered: ['Nothing fits these filters.', '没有符合筛选条件的事件。'],
  details: ['Details', '详情'],
  id: ['Id', '编号'],
  received: ['Recorded', '记录时间'],
  prove: ['Prove that it is in the audit log', '证明其在审计日志中'],
  kept_one: ['Events are kept for one day.', '事件保留 1 天。'],
  kept_other: ['Events are kept for {{count}} days.', '事件保留 {{count}} 天。'],
});
