import { defineTexts } from '@cardea/client-ui';

/** What the frame around every page says. */
export const shellTexts = defineTexts('shell', {
  skip: ['Skip to the content', '跳到正文'],
  menu: ['Navigation', '导航'],
  property: ['Property', '物业'],
  account: ['Account', '账户'],
  signOut: ['Sign out', '退出登录'],
  language: ['Language', '语言'],
  english: ['English', 'English'],
  chinese: ['中文', '中文'],
  scheme: ['Appearance', '外观'],
  light: ['Light', '浅色'],
  dark: ['Dark', '深色'],
  auto: ['As the device', '跟随系统'],
  preferences: ['Language and appearance', '语言与外观'],
  notThere: ['There is no such page', '没有这个页面'],
  notThereWhy: [
    'The address may be mistyped, or your role does not include this page.',
    '地址可能有误，或您的角色无权访问此页面。',
  ],
  toStart: ['To the first page', '返回首页'],
  setUp: ['Set up', '开始设置'],
  noProperty: ['There is no property yet', '还没有物业'],
  noPropertyWhy: [
    'A property is a building, or some under one roof: with its floors, doors and time zone. Everything else begins with it.',
    '物业是一栋或一组建筑，包含楼层、门和时区。其他一切都从它开始。',
  ],
});
