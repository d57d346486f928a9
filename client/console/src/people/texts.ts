import { defineTexts } from '@cardea/client-ui';
import type { Role } from '@cardea/wire-api';

/** What the pages about people say. */
export const peopleTexts = defineTexts('people', {
  lead: [
    'Everybody who works here, lives here or stays here. What a person may do follows from the role; which doors a person may open follows from grants.',
    '在此工作、居住或入住的所有人员。角色决定可以做什么，授权决定可以打开哪些门。',
  ],
  name: ['Name', '姓名'],
  email: ['Address', '地址'],
  role: ['Role', '角色'],
  added: ['Added', '添加时间'],
  search: ['Find by name or address', '按姓名或地址查找'],
  none: ['Nobody is here yet', '还没有人员'],
  noneFound: ['Nobody here is called that', '没有找到匹配的人员'],
  mustChange: ['has not signed in yet', '尚未登录'],
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
