import { defineTexts } from '@cardea/client-ui';

/** What is said everywhere in the app. */
export const appTexts = defineTexts('app', {
  name: ['Cardea', 'Cardea'],
  notKept: [
    'This browser does not keep anything for this page, so it cannot hold a key: private windows do not. ({{why}})',
    '此浏览器不为本页面保存数据，因此无法保存钥匙（例如无痕窗口）。（{{why}}）',
  ],
});
