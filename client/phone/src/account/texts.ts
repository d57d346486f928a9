import { defineTexts } from '@cardea/client-ui';

export const accountTexts = defineTexts('account', {
  title: ['Account', '账户'],
  signIn: ['Sign in', '登录'],
  signedOut: ['You are not signed in.', '您尚未登录。'],
  language: ['Language', '语言'],
  phones: ['Phones and cards', '手机与门卡'],
  phonesHint: [
    'A lost one opens nothing any more: its keys are taken back, and its session ends.',
    '挂失后不再能开门：其钥匙被收回，会话结束。',
  ],
  thisPhone: ['this phone', '本机'],
  since: ['since {{at}}', '自 {{at}}'],
  lostSince: ['lost since {{at}}', '已于 {{at}} 挂失'],
  lost: ['Report lost', '挂失'],
  lostName: ['Report {{name}} lost', '挂失 {{name}}'],
  lostSure: [
    '{{name}} opens nothing any more, also when it is found: it would have to sign in anew.',
    '{{name}} 将不再能开门；即使找回，也须重新登录。',
  ],
  lostEndings: ['Until when {{name}} can still open', '{{name}} 何时起无法开门'],
  lostNothing: ['It had no keys.', '其中没有钥匙。'],
  signOut: ['Sign out', '退出登录'],
  signOutSure: [
    'Keys in this phone go on opening until their time. Remove them too where somebody else will use this phone.',
    '本机中的钥匙在到期前仍可开门。如果此手机将由他人使用，请一并移除钥匙。',
  ],
  signOutKeep: ['Sign out, keep the keys', '退出登录，保留钥匙'],
  signOutRemove: ['Sign out, remove the keys', '退出登录并移除钥匙'],
  myData: ['My data', '我的数据'],
  export: ['Save my data as a file', '将我的数据保存为文件'],
  exportHint: ['Everything that is held of you, but secrets.', '除密钥外，系统保存的关于您的全部信息。'],
  erase: ['Delete my account', '删除我的账户'],
  eraseSure: [
    'Your account, keys, visitors and everything that names you go. It cannot be undone.',
    '您的账户、钥匙、访客以及所有可识别您的信息将被删除，且无法恢复。',
  ],
  eraseNow: ['Delete for good', '永久删除'],
  password: ['Password', '密码'],
  card: ['Card', '门卡'],
  phone: ['Phone', '手机'],
});
