import { defineTexts } from '@cardea/client-ui';
import type { Role } from '@cardea/wire-api';

/** What the pages about people say. */
export const peopleTexts = defineTexts('people', {
  lead: [
    'Everybody who works here, lives here or stays here. What a person may do follows from the role; which doors a person may open follows from grants.',
    '在此工作、居住或入住的所有人员。角色决定可以做什么，授权决定可以打开哪些门。',
  ],
  name: ['Name', '姓名'],
  email: ['E-mail or phone number', '电子邮箱或手机号'],
  role: ['Role', '角色'],
  added: ['Added', '添加时间'],
  search: ['Find by name, e-mail or phone number', '按姓名、邮箱或手机号查找'],
  none: ['Nobody is here yet', '还没有人员'],
  noneFound: ['Nobody here is called that', '没有找到匹配的人员'],
  mustChange: ['has not signed in yet', '尚未登录'],
  invite: ['Invite somebody', '邀请人员'],
});

/** The roles, and what each may do. */
export const roleTexts = defineTexts('roles', {
  owner: ['Owner', '所有者'],
  manager: ['Manager', '经理'],
  front_desk: ['Front desk', '前台'],
  maintenance: ['Maintenance', '维修'],
  cleaner: ['Cleaner', '保洁'],
  resident: ['Resident', '住户'],
  guest: ['Guest', '客人'],
} satisfies Record<Role, readonly [string, string]>);

/** What each role may do. */
export const roleMeaningTexts = defineTexts('role-meanings', {
  owner: [
    'Everything, other owners and other organizations of this server too.',
    '可执行一切操作，包括管理其他所有者和本服务器上的其他组织。',
  ],
  manager: [
    'Everything in this organization but making owners: locks, gateways, people, grants, settings.',
    '除任命所有者外，可管理本组织的一切：门锁、网关、人员、授权和设置。',
  ],
  front_desk: [
    'Checks guests in and out, gives and takes back access, opens doors, looks after alerts.',
    '为客人办理入住和退房，发放和收回权限，开门，处理告警。',
  ],
  maintenance: [
    'Opens doors, looks after locks and alerts; sees who has access but gives none.',
    '开门，维护门锁和处理告警；可查看权限但不能发放。',
  ],
  cleaner: ['Sees doors and opens them, nothing more.', '只能查看和打开门。'],
  resident: ['Opens the doors of the own grants, and uses the phone app.', '使用手机应用打开自己获授权的门。'],
  guest: ['Opens the doors of the own stay, while it lasts.', '入住期间可打开自己的门。'],
} satisfies Record<Role, readonly [string, string]>);

/** What is said when somebody is invited. */
export const inviteTexts = defineTexts('invite', {
  title: ['Invite somebody', '邀请人员'],
  way: ['How they get in', '登录方式'],
  byCode: ['By a code sent to them', '向其发送验证码'],
  byPassword: ['By a first password that you hand over', '由您转交初始密码'],
  byPasswordWhy: [
    'For where no mail or text message can be sent. It is shown once, and has to be changed at the first sign-in.',
    '适用于无法发送邮件或短信的情况。密码仅显示一次，首次登录时必须修改。',
  ],
  name: ['Name', '姓名'],
  address: ['E-mail or phone number', '电子邮箱或手机号'],
  addressWhy: ['A phone number with its country code: +49 …', '手机号需带国家代码：+86 …'],
  email: ['E-mail', '电子邮箱'],
  role: ['Role', '角色'],
  invite: ['Send the invitation', '发送邀请'],
  add: ['Add, and show the password', '添加并显示密码'],
  noWay: [
    'This server cannot send anything to such an address. Use another kind of address, or hand over a first password.',
    '此服务器无法向该类地址发送消息。请换一种地址，或转交初始密码。',
  ],
  sent: [
    '{{name}} gets a code at {{address}}. It is good until {{until}}, once.',
    '验证码将发送至 {{address}}（{{name}}），有效期至 {{until}}，仅可使用一次。',
  ],
  demo: [
    'This is a demo estate: nothing is sent. This is what {{name}} would get.',
    '这是演示环境，不会真正发送。以下是 {{name}} 将收到的内容。',
  ],
  qr: ['QR code of the invitation for {{name}}', '{{name}} 的邀请二维码'],
  copyLink: ['Copy the link', '复制链接'],
  password: ['First password for {{name}}', '{{name}} 的初始密码'],
  passwordOnce: [
    'Shown this once. Hand it over so that nobody else sees it: {{name}} signs in with {{address}} and this, and then chooses another.',
    '仅显示这一次，请妥善转交：{{name}} 用 {{address}} 和此密码登录，然后另设新密码。',
  ],
  copyPassword: ['Copy the password', '复制密码'],
  another: ['Somebody else', '继续邀请'],
});
