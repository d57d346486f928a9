import { defineTexts } from '@cardea/client-ui';

export const activityTexts = defineTexts('activity', {
  title: ['Activity', '动态'],
  views: ['What is shown', '显示内容'],
  notices: ['Notices', '通知'],
  history: ['History', '记录'],
  lead: [
    'What others did at your doors: tampering, refusals, forced openings, and that your visitors came.',
    '您的门上发生的事：拆动、拒绝开门、强行打开，以及访客到访。',
  ],
  noNotices: ['Nothing has happened at your doors', '您的门一切正常'],
  noHistory: ['Nothing yet', '暂无记录'],
  noHistoryHint: ['What you open is listed here.', '您的开门记录会显示在这里。'],
  isNew: ['New', '新'],
  older: ['Older ones are in the history.', '更早的通知请查看记录。'],
  more: ['Show more', '显示更多'],
  busy: ['One moment …', '请稍候……'],
  end: ['That is all.', '已显示全部。'],
  at: ['{{at}} ({{distance}})', '{{at}}（{{distance}}）'],
  told: ['told {{at}}', '上报于 {{at}}'],
  visitor: ['{{name}}, your visitor, opened', '您的访客 {{name}} 开了门'],
  aVisitor: ['A visitor of yours opened', '您的一位访客开了门'],
  signedOut: ['You are not signed in.', '您尚未登录。'],
  signIn: ['Sign in', '登录'],
  tell: ['Show notices on this device', '在本设备上显示通知'],
  tellHint: [
    'While the app is open, also when another page is in front.',
    '应用打开期间有效，切换到其他页面时也会显示。',
  ],
  stopTelling: ['Show none on this device', '不再在本设备上显示通知'],
  blocked: ['This browser does not let the app show notices.', '此浏览器不允许本应用显示通知。'],
});
