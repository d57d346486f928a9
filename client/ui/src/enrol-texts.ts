import { defineTexts } from './texts.ts';

/** What both apps say when a lock is put on a door. */
export const enrolTexts = defineTexts('enrol', {
  lead: [
    'The code is on the lock, on its box, or in its papers. Stand at the lock: its button has to be pressed while this page waits.',
    '二维码在门锁、包装盒或说明书上。请站在门锁旁：本页面等待期间需要按下门锁上的按钮。',
  ],
  door: ['Door', '门'],
  chooseDoor: ['Choose a door without a lock', '请选择未装锁的门'],
  noDoor: ['No door without a lock is called that', '没有匹配的未装锁的门'],
  allHave: ['Every door has its lock.', '所有门均已装锁。'],
  identifier: ['Lock', '门锁'],
  identifierWhy: ['12 digits and letters from A to F, as printed on it.', '门锁上印有的 12 位数字与 A–F 字母。'],
  identifierBad: ['These are not the 12 characters of a lock', '这不是门锁的 12 位编号'],
  camera: ['Scan with the camera', '用摄像头扫描'],
  stopCamera: ['Stop the camera', '关闭摄像头'],
  picture: ['From a picture', '从图片读取'],
  view: ['What the camera sees', '摄像头画面'],
  starting: ['The camera is being opened …', '正在打开摄像头……'],
  looking: ['Hold the QR code into the picture.', '请将二维码对准画面。'],
  refused: [
    'The browser does not let this page use the camera. Allow it beside the address, choose a picture, or type the code.',
    '浏览器不允许使用摄像头。请在地址栏旁授权，或选择图片、手动输入。',
  ],
  none: ['This device has no camera. Choose a picture, or type the code.', '此设备没有摄像头。请选择图片或手动输入。'],
  failedCamera: [
    'The camera cannot be opened; another program may be using it. Choose a picture, or type the code.',
    '无法打开摄像头，可能正被其他程序占用。请选择图片或手动输入。',
  ],
  other: ['That QR code is not the one of a lock.', '该二维码不是门锁的二维码。'],
  no_code: ['There is no QR code in that picture that can be read.', '图片中没有可识别的二维码。'],
  no_picture: ['That file is not a picture.', '该文件不是图片。'],
  begin: ['Put it on the door', '开始绑定'],
  known: ['Known from its maker', '已在厂商清单中'],
  unknown: [
    'No maker’s file here names this lock. Bring in the file that came with the delivery first.',
    '尚无厂商清单包含此锁。请先导入随货提供的清单文件。',
  ],
  pressNow: ['Press the button on the lock now', '现在按下门锁上的按钮'],
  pressWhy: [
    'Lock {{lock}} goes on door {{door}}. It waits until {{until}}; then it has to be begun again.',
    '将门锁 {{lock}} 绑定到 {{door}}。等待至 {{until}}，超时需重新开始。',
  ],
  enrolled: ['Lock {{lock}} is on door {{door}}: it has said so itself', '门锁 {{lock}} 已绑定到 {{door}}：门锁已确认'],
  notEnrolled: ['Lock {{lock}} is not on door {{door}}', '门锁 {{lock}} 未能绑定到 {{door}}'],
  next: ['Next lock', '下一把锁'],
  again: ['Try again', '重试'],
  delivery: ['Maker’s file of a delivery', '厂商清单文件'],
  deliveryWhy: [
    'The signed list of the locks that were delivered (JSON). Only locks that it names can be put on a door.',
    '所交付门锁的签名清单（JSON）。只有清单中的门锁才能绑定。',
  ],
  deliveryBad: [
    'This is not a maker’s file. Choose the one that came with the delivery; its name ends in .json.',
    '这不是厂商清单。请选择随货提供的文件，其文件名以 .json 结尾。',
  ],
  bringIn: ['Bring it in', '导入'],
  broughtIn: ['{{added}} locks are new, {{known}} were known', '新增 {{added}} 把门锁，{{known}} 把此前已知'],
});
