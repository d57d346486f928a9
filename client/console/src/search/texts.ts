import { defineTexts } from '@cardea/client-ui';

/** What the search says. */
export const searchTexts = defineTexts('search', {
  search: ['Search', '搜索'],
  open: ['Search doors, people, locks, gateways and pages', '搜索门、人员、门锁、网关和页面'],
  hint: ['Name, or identifier of a lock', '名称或门锁标识'],
  results: ['Results', '结果'],
  found_one: ['{{count}} result', '{{count}} 个结果'],
  found_other: ['{{count}} results', '{{count}} 个结果'],
  first: ['the first {{count}} results', '前 {{count}} 个结果'],
  none: ['Nothing is called that.', '没有找到。'],
  failed: ['Not everything could be searched: the server does not answer.', '服务器没有应答，未能搜索全部内容。'],
  door: ['Door', '门'],
  lock: ['Lock', '门锁'],
  person: ['Person', '人员'],
  gateway: ['Gateway', '网关'],
  page: ['Page', '页面'],
  keys: ['Arrow keys choose, Enter opens, Esc closes', '方向键选择，回车打开，Esc 关闭'],
});
