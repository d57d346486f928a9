import { defineTexts } from '@cardea/client-ui';

export const openTexts = defineTexts('open', {
  open: ['Open {{door}}', '打开 {{door}}'],
  by_server: ['Through the server', '通过服务器'],
  by_bluetooth: ['At the door, by Bluetooth', '在门前通过蓝牙'],
  why_simplest: ['Through the server.', '通过服务器开门。'],
  why_unlikely: [
    'At the door, by the key in this phone: through the server it would hardly open now.',
    '在门前用本机钥匙开门：目前通过服务器可能无法打开。',
  ],
  why_no_server: [
    'Server not reached: at the door, by the key in this phone.',
    '无法连接服务器：在门前用本机钥匙开门。',
  ],
  why_not_signed_in: ['Not signed in: at the door, by the key in this phone.', '未登录：在门前用本机钥匙开门。'],
  why_not_now: ['It does not open now.', '目前无法打开。'],
  why_no_key: [
    'The server is not reached, and this phone has no key for this door.',
    '无法连接服务器，且本机没有此门的钥匙。',
  ],
  why_no_bluetooth: [
    'The server is not reached, and this browser cannot speak to locks.',
    '无法连接服务器，且此浏览器无法与门锁通信。',
  ],
  why_bluetooth_off: [
    'The server is not reached, and Bluetooth is off or not allowed here. Turn it on.',
    '无法连接服务器，且蓝牙已关闭或未获授权。请打开蓝牙。',
  ],
  pin: ['Your PIN opens it at the keypad.', '可在门上键盘输入您的开门密码。'],
  choosing: ['Choose the lock in the list of the browser', '请在浏览器列表中选择门锁'],
  presenting: ['Speaking with the lock …', '正在与门锁通信……'],
  asking: ['Asking the server …', '正在请求服务器……'],
  pending: ['Waiting for the gateway …', '正在等待网关……'],
  sent: ['On its way to the lock; waiting for its receipt …', '已发往门锁，等待门锁回执……'],
  opened: ['Open: the lock says so', '已开门：门锁已确认'],
  refused: ['Not opened', '未开门'],
  unknown: ['Outcome unknown', '结果未知'],
});

/** What may come of standing at the door, beside what the lock says. */
export const tapTexts = defineTexts('tap', {
  look_first: [
    'The lock was asked and its receipt did not come. The door may be open: look before you ask again.',
    '已请求门锁，但未收到回执。门可能已打开：请先查看再重试。',
  ],
  no_key: ['This phone has no key for this door.', '本机没有此门的钥匙。'],
  not_heard: ['The lock is not heard from here.', '在此处搜索不到门锁。'],
  not_connected: [
    'The lock did not let this phone connect; nothing was said. Go nearer and try again.',
    '无法连接门锁，未发送任何信息。请靠近后重试。',
  ],
  no_radio: ['This browser may not use Bluetooth, or it is off.', '此浏览器未获蓝牙授权，或蓝牙已关闭。'],
  other_lock: [
    'That is not the lock of this door; nothing was shown to it. Choose another one in the list.',
    '所选的不是此门的门锁，未向其出示任何信息。请在列表中另选。',
  ],
  malformed: [
    'What answered does not speak as a lock does; nothing was shown to it.',
    '应答的设备不像门锁，未向其出示任何信息。',
  ],
  no_answer: [
    'The lock did not answer, and the key was not presented. Try again.',
    '门锁没有应答，钥匙未出示。请重试。',
  ],
  refused: ['The lock does not know this key. Fetch your keys anew.', '门锁不认识此钥匙。请重新获取钥匙。'],
});
