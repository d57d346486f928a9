import { defineTexts } from '@cardea/client-ui';

/** What the security check says around its findings. */
export const checkupTexts = defineTexts('checkup', {
  lead: [
    'How safely this organization is set up: what to look at first, what to do, and where.',
    '检查本组织的安全设置：应优先处理什么、如何处理、在哪里处理。',
  ],
  checked: ['Checked', '检查时间'],
  again: ['Check again', '重新检查'],
  warning: ['Act now', '需立即处理'],
  advice: ['Worth doing', '建议处理'],
  ok: ['In order', '正常'],
  noneWarning: ['Nothing needs to be done now.', '目前没有需要立即处理的问题。'],
  more: ['and {{count}} more', '另有 {{count}} 项'],
  go: ['Go there', '前往处理'],
  byConfiguration: ['In the configuration of the server.', '在服务器配置中设置。'],
});

/** Each rule by what it found: `NAME_ok` where it is in order. The names are those of docs/insights.md. */
export const findingTexts = defineTexts('findings', {
  second_factors: [
    'Can manage locks or give access by a password alone: {{count}}',
    '仅凭密码即可管理门锁或授权的人员：{{count}}',
  ],
  second_factors_ok: [
    'Everybody who manages locks or gives access has a second factor',
    '管理门锁或授权的人员均已启用第二验证因素',
  ],
  initial_passwords: [
    'Have not changed the password that was given to them: {{count}}',
    '尚未更改初始密码的人员：{{count}}',
  ],
  initial_passwords_ok: ['Nobody of the staff has a password that somebody else set', '员工均已更改初始密码'],
  second_factor_policy: [
    'A second factor is optional: require it of everybody who manages locks or gives access',
    '第二验证因素为可选：建议对管理门锁或授权的人员强制要求',
  ],
  second_factor_policy_ok: ['A second factor is required of staff', '已要求员工使用第二验证因素'],
  open_registration: [
    'Whoever proves an address can make an account. It opens nothing; where nobody needs that, let staff invite',
    '任何人验证地址后均可注册账户（无开门权限）；若不需要，请改为仅限邀请',
  ],
  open_registration_ok: ['Accounts are made by invitation alone', '账户仅限邀请注册'],
  long_tokens: [
    'API tokens that work for more than 90 days from now: {{count}}',
    '有效期超过 90 天的 API 令牌：{{count}}',
  ],
  long_tokens_ok: ['No API token works for more than 90 days from now', '没有有效期超过 90 天的 API 令牌'],
  endless_grants: ['Grants of guests that nothing ends: {{count}}', '没有截止时间的客人授权：{{count}}'],
  endless_grants_ok: ['Every grant of a guest has an end', '客人的授权均有截止时间'],
  open_alerts: ['Alerts that nobody has seen to: {{count}}', '未处理的告警：{{count}}'],
  open_alerts_ok: ['No alert is open', '没有未处理的告警'],
  event_chains: ['Locks of which events are missing or altered: {{count}}', '事件缺失或被改动的门锁：{{count}}'],
  event_chains_ok: ['No event of a lock is missing or altered', '门锁事件无缺失、无改动'],
  audit_witness: [
    'Nobody outside holds a head of the audit log: a changed record would show to nobody',
    '审计日志没有外部见证：记录若被篡改将无人察觉',
  ],
  audit_witness_ok: ['Heads of the audit log are with a witness outside', '审计日志已由外部见证'],
  event_retention: [
    'Events are kept without end: what is not needed should not be held of people',
    '事件永久保留：不再需要的个人数据不应继续保存',
  ],
  event_retention_ok: ['Events are removed when they are {{days}} days old', '事件保存 {{days}} 天后删除'],
  legacy_locks: ['Locks that speak a legacy protocol, which is weak: {{count}}', '使用旧版弱协议的门锁：{{count}}'],
  legacy_locks_ok: ['Every lock speaks a hardened protocol', '所有门锁均使用加固协议'],
  lock_clocks: ['Locks that do not trust their clocks: {{count}}', '时钟不可信的门锁：{{count}}'],
  lock_clocks_ok: [
    'The clock of every lock that has one, and has answered, is valid',
    '带时钟且已应答的门锁，时钟均有效',
  ],
  stale_locks: ['Locks that have not proved their state lately: {{count}}', '近期未证实状态的门锁：{{count}}'],
  stale_locks_ok: ['Every lock has proved its state lately', '所有门锁近期均已证实状态'],
  unchained_locks: ['Locks that do not sign their events: {{count}}', '不对事件签名的门锁：{{count}}'],
  unchained_locks_ok: ['Every lock signs its events', '所有门锁均对事件签名'],
  low_batteries: ['Batteries at 20 % or less: {{count}}', '电量不高于 20% 的电池：{{count}}'],
  low_batteries_ok: ['Every battery that was proved is above 20 %', '已证实的电池电量均高于 20%'],
  offline_gateways: ['Gateways that are offline: {{count}}', '离线的网关：{{count}}'],
  offline_gateways_ok: ['Every gateway is online', '所有网关均在线'],
  offline_leases: [
    'Properties where a key that was taken back may open for over 72 hours, where no gateway reaches its lock: {{count}}',
    '撤销后钥匙在无网关覆盖处仍可能有效超过 72 小时的物业：{{count}}',
  ],
  offline_leases_ok: ['No key opens for over 72 hours after it was taken back', '钥匙撤销后不会继续有效超过 72 小时'],
});

/** Where something is done about a finding. */
export const placeTexts = defineTexts('finding-places', {
  people: ['People', '人员'],
  sign_in_policy: ['Settings', '设置'],
  tokens: ['API tokens', 'API 令牌'],
  properties: ['Settings', '设置'],
  doors: ['Doors', '门列表'],
  batteries: ['Use and denials', '使用与拒绝'],
  gateways: ['Gateways', '网关'],
  alerts: ['Alerts', '告警'],
  audit: ['Audit log', '审计日志'],
  grants: ['Grants', '授权'],
});
