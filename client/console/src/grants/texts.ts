import { defineTexts } from '@cardea/client-ui';

/** What the list of grants says. */
export const grantTexts = defineTexts('grants', {
  lead: [
    'Who may open which doors, when and how. What is revoked shows until when it can still open.',
    '谁可在何时以何种方式打开哪些门。撤销后会显示最晚可开门时间。',
  ],
  person: ['Person', '人员'],
  doors: ['Doors', '门'],
  wholeFloor: ['Floor {{name}}', '楼层 {{name}}'],
  wholeProperty: ['Whole property', '整个物业'],
  window: ['Window', '有效期'],
  untilRevoked: ['until revoked', '直至撤销'],
  how: ['Opens with', '开门方式'],
  fromAfar: ['the app alone', '仅限应用'],
  mobile_key: ['phone', '手机'],
  pin: ['PIN', '密码'],
  card: ['card', '房卡'],
  uses: ['{{used}} of {{uses}} openings used', '已用 {{used}}/{{uses}} 次'],
  state: ['State', '状态'],
  active: ['active', '有效'],
  revoked: ['revoked', '已撤销'],
  ended: ['ended', '已结束'],
  show: ['Show', '显示'],
  all: ['All', '全部'],
  revoke: ['Revoke', '撤销'],
  revokeTitle: ['Revoke this grant', '撤销此授权'],
  revokeAsk: [
    'From afar it opens nothing from now on. At the door itself, what was given out ends as the list then says.',
    '远程开门立即失效。已发放的凭证在门上的失效时间见随后的列表。',
  ],
  revokedTitle: ['Revoked: until when it can still open', '已撤销：最晚可开门时间'],
  nothingHeld: [
    'Nothing was given out that opens at a door, so nothing opens any more.',
    '没有发放过可在门上使用的凭证，因此已完全失效。',
  ],
  close: ['Close', '关闭'],
  endings: ['Until when', '最晚可开时间'],
  none: ['No grants', '没有授权'],
  noneWhy: ['Check a guest in at the front desk, or grant access to a person.', '可在前台办理入住，或为人员授权。'],
});
