import { defineTexts } from '@cardea/client-ui';

/** What is said when a gateway is added. */
export const addGatewayTexts = defineTexts('add-gateway', {
  why: [
    'A gateway is a small computer with Bluetooth near the doors. It carries sealed messages and opens nothing by itself.',
    '网关是放在门附近、带蓝牙的小型计算机。它只转发加密消息，自身无法开门。',
  ],
  name: ['Name', '名称'],
  namePlaceholder: ['Such as “Corridor, floor 1”', '例如“一层走廊”'],
  add: ['Add the gateway', '添加网关'],
  once: ['Shown this once', '仅显示这一次'],
  onceWhy: [
    'On the gateway’s computer, run this within an hour. Its token works once. The file authority.pem is in the server’s data folder under ras/tls; leave it out where the server has a public certificate.',
    '请在一小时内于网关计算机上运行。令牌仅可使用一次。authority.pem 位于服务器数据目录的 ras/tls 下；若服务器使用公共证书，可省略该参数。',
  ],
  waiting: ['{{name}}: waiting for it to come online …', '{{name}}：正在等待上线……'],
  online: ['{{name}} is online', '{{name}} 已上线'],
  another: ['Another gateway', '再添加一个网关'],
  gateway: ['Gateway', '网关'],
  state: ['State', '状态'],
  seen: ['Last heard', '最近通信'],
  isOnline: ['online', '在线'],
  isOffline: ['offline', '离线'],
  enrolling: ['not enrolled yet', '尚未注册'],
});
