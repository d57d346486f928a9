import { defineTexts } from '@cardea/client-ui';

/** What the page of the audit log says. */
export const auditTexts = defineTexts('audit', {
  lead: [
    'Every event has a leaf in this log, and every head is a signature over all leaves before it: whoever holds the server can still alter the record, but not unseen by whoever knows a head from before.',
    '每个事件在此日志中都有一个叶节点，每个头部签名覆盖之前的所有叶节点：即使掌握服务器的人也能改动记录，但无法瞒过保存过旧头部的人。',
  ],
  provesWhat: [
    'A proof of inclusion shows that one event is in the log, as it was recorded. A proof of consistency shows that nothing of what this browser saw before was changed, cut out or dated back; it does not show what was never recorded.',
    '包含证明表明某一事件如实记录在日志中。一致性证明表明此浏览器以前见过的内容没有被更改、删除或倒填日期；它不能说明从未记录过的内容。',
  ],
  verifiedHere: ['All of this is computed in this browser, not by the server.', '以上均由此浏览器计算，而非服务器。'],
  newest: ['The log now', '当前日志'],
  checking: ['Verifying …', '正在验证……'],
  checkAgain: ['Verify again', '重新验证'],
  good: ['Verified', '已验证'],
  bad: ['Does not hold', '验证失败'],
  goodFirst: [
    'Signed. This browser sees the log for the first time: it keeps the key and this head, and holds the log to them from now on.',
    '签名有效。此浏览器首次见到该日志，已保存密钥和此头部，今后将据此核对。',
  ],
  goodPast: [
    'Signed, and it goes on from the head of {{past}} leaves that this browser saw {{when}}: nothing up to there was changed.',
    '签名有效，并且延续自此浏览器于 {{when}} 见到的 {{past}} 个叶节点的头部：此前内容未被更改。',
  ],
  goodSame: [
    'Signed, and the same head that this browser saw {{when}}.',
    '签名有效，与此浏览器于 {{when}} 见到的头部相同。',
  ],
  otherKey: [
    'The key of this log is not the one that this browser saw first. Unless it was replaced on purpose, somebody else signs.',
    '日志密钥与此浏览器首次见到的不同。除非有意更换，否则签名者另有其人。',
  ],
  unsigned: ["The newest head is not signed by the log's key.", '最新头部不是由日志密钥签名的。'],
  broken: [
    'The log of {{size}} leaves does not have the head of {{past}} leaves, which this browser saw {{when}}, as its past. It was changed, or restored from a backup: read the whole log, which says where.',
    '现有 {{size}} 个叶节点的日志，并非此浏览器于 {{when}} 见到的 {{past}} 个叶节点的延续。日志可能被更改，或从备份恢复：请读取整个日志以确定位置。',
  ],
  leaves: ['Leaves', '叶节点'],
  root: ['Root', '根哈希'],
  signed: ['Signed', '签名时间'],
  key: ['Key', '密钥'],
  whole: ['The whole log', '完整日志'],
  wholeWhy: [
    'Reads every leaf and holds it to its hash, to every signed head, and to the heads that this browser has seen. An export is the same, kept as a file that verifies without this server.',
    '读取每个叶节点，并与其哈希、所有签名头部以及此浏览器见过的头部核对。导出会把同样的内容保存为可脱离服务器验证的文件。',
  ],
  readWhole: ['Verify the whole log', '验证完整日志'],
  export: ['Export', '导出'],
  stop: ['Stop', '停止'],
  progress: ['{{leaves}} of {{size}} leaves verified', '已验证 {{leaves}}/{{size}} 个叶节点'],
  wholeGood: [
    '{{leaves}} leaves are as they were signed in {{heads}} heads, and {{seen}} heads that this browser saw before hold.',
    '{{leaves}} 个叶节点与 {{heads}} 个签名头部一致，此浏览器以前见过的 {{seen}} 个头部也都成立。',
  ],
  exported: ['Saved as {{name}}.', '已保存为 {{name}}。'],
  exportedBad: [
    'The file was saved all the same, as evidence: {{name}}. Compare it with a backup or an export from before.',
    '文件仍已保存作为证据：{{name}}。请与备份或以前的导出比较。',
  ],
  restored: [
    'It was restored from a backup {{at}}; {{count}} leaves of the former log are gone.',
    '日志曾于 {{at}} 从备份恢复，原日志有 {{count}} 个叶节点已不存在。',
  ],
  leaf_differs: ['Leaf {{number}} differs from its stored hash.', '叶节点 {{number}} 与其存储的哈希不符。'],
  leaf_malformed: ['Leaf {{number}} cannot be read.', '叶节点 {{number}} 无法读取。'],
  leaf_out_of_place: [
    'Leaf {{number}} is not in its place: something was cut out, put in or moved.',
    '叶节点 {{number}} 不在其位置：有内容被删除、插入或移动。',
  ],
  head_root: [
    'Between leaf {{after}} and leaf {{until}} the log was changed: {{head}} was signed over others.',
    '叶节点 {{after}} 到 {{until}} 之间被更改：{{head}}签名的是其他内容。',
  ],
  head_signature: [
    "{{head}} after leaf {{after}} is not signed by the log's key.",
    '叶节点 {{after}} 之后的{{head}}不是由日志密钥签名的。',
  ],
  head_origin: ['{{head}} of {{until}} leaves is one of another log.', '{{until}} 个叶节点的{{head}}属于另一日志。'],
  head_order: [
    '{{head}} of {{until}} leaves does not stand where its size says.',
    '{{until}} 个叶节点的{{head}}位置与其大小不符。',
  ],
  head_cut: [
    'The log was cut: {{head}} covers {{until}} leaves, and the log ends at {{after}}.',
    '日志被截断：{{head}}覆盖 {{until}} 个叶节点，而日志止于 {{after}}。',
  ],
  headOwn: ['a head', '头部'],
  headSeen: ['a head that this browser saw', '此浏览器见过的头部'],
  header_key: ['The log names another key than the one that this browser knows.', '日志所示密钥与此浏览器所知的不同。'],
  header_origin: ['This is the log of another organization.', '这是另一组织的日志。'],
  unsignedEnd: [
    'No signed head covers leaf {{after}} to leaf {{last}}.',
    '没有签名头部覆盖叶节点 {{after}} 到 {{last}}。',
  ],
  one: ['Prove one event', '证明单个事件'],
  oneWhy: ['Each event on the page of events leads here.', '“事件”页面中的每个事件都可转到这里。'],
  eventId: ['Id of the event', '事件编号'],
  prove: ['Prove', '证明'],
  proved: [
    'Leaf {{number}} of {{size}}: this event is in the log.',
    '第 {{number}} 个叶节点（共 {{size}} 个）：该事件在日志中。',
  ],
  saveProof: ['Save the proof', '保存证明'],
  type: ['Kind', '类型'],
  recorded: ['Recorded', '记录时间'],
  underHead: ['Under the head signed', '所属头部签名于'],
  closed: [
    'What it is about is not shown: it was erased, or your role does not include it.',
    '不显示其内容：内容已清除，或您的角色无权查看。',
  ],
  why_leaf: ['This proves nothing: its leaf cannot be read.', '证明无效：叶节点无法读取。'],
  why_signature: [
    "This proves nothing: its head is not signed by the log's key.",
    '证明无效：头部不是由日志密钥签名的。',
  ],
  why_origin: ['This proves nothing: its head is of another log or size.', '证明无效：头部属于另一日志或大小不符。'],
  why_inclusion: ['This proves nothing: the leaf is not under the head.', '证明无效：叶节点不在该头部之下。'],
  why_opening: [
    'This proves nothing: what is told of the event is not what the leaf was made of.',
    '证明无效：所述事件内容与叶节点不符。',
  ],
  otherEvent: ['The server proved another event instead.', '服务器给出的是另一事件的证明。'],
  heads: ['Signed heads', '签名头部'],
  headsWhy: ['A head is signed every ten minutes while something happens.', '有事件发生时，每十分钟签名一次。'],
  witnessed: ['Witnessed', '见证'],
  notWitnessed: ['by nobody outside', '无外部见证'],
  noHeads: ['No head has been signed yet', '尚无签名头部'],
});
