import { defineTexts } from '@cardea/client-ui';

export const doorTexts = defineTexts('doors', {
  title: ['Doors', '门'],
  until: ['Until {{at}} ({{distance}})', '有效期至 {{at}}（{{distance}}）'],
  noEnd: ['No end is set', '未设期限'],
  opensFrom: ['From {{at}} on ({{distance}})', '自 {{at}} 起可用（{{distance}}）'],
  offline: ['Works without network until {{at}}', '无网络时可用至 {{at}}'],
  noKey: ['Opens only with network: this phone has no key for it', '本机没有此门的钥匙，仅联网时可开门'],
  none: ['No door has been given to you yet', '您还没有可以打开的门'],
  noneHint: ['When somebody gives you one, it appears here.', '有人向您授权后，门会显示在这里。'],
  asking: ['Asking the server …', '正在连接服务器……'],
  offlineNow: [
    'The server is not reached. Keys in this phone open their doors all the same.',
    '无法连接服务器。本机中的钥匙仍可开门。',
  ],
  signedOut: [
    'You are not signed in. Keys in this phone go on opening until their time; sign in to renew them.',
    '您尚未登录。本机中的钥匙在到期前仍可使用；登录后可续期。',
  ],
  signIn: ['Sign in', '登录'],
  again: ['Ask again', '重试'],
  noBluetooth: [
    'This browser has no Web Bluetooth (browsers on an iPhone and Firefox have none): doors open through the server, or by PIN at the door. Chrome and Edge on Android or a computer have it.',
    '此浏览器不支持网页蓝牙（iPhone 上的浏览器和 Firefox 均不支持）：请通过服务器开门，或在门上输入开门密码。Android 或电脑上的 Chrome 和 Edge 支持。',
  ],
  bluetoothOff: [
    'Bluetooth is off here, or this page may not use it. Turned on, doors open without the server too.',
    '蓝牙已关闭或未授权本页面使用。打开后，无需服务器也能开门。',
  ],
  carried_one: ['One record of a lock waits to be handed to the server', '1 条门锁记录等待提交给服务器'],
  carried_other: ['{{count}} records of locks wait to be handed to the server', '{{count}} 条门锁记录等待提交给服务器'],
});
