import { defineTexts } from '@cardea/client-ui';

/** What is said about the own password and second factors. */
export const accountTexts = defineTexts('account', {
  currentPassword: ['Current password', '当前密码'],
  newPassword: ['New password', '新密码'],
  newPasswordHint: [
    'At least 12 characters. Several words are easy to remember.',
    '至少 12 个字符。用几个词组成的短语更容易记住。',
  ],
  tooShort: ['{{count}} more characters', '还需 {{count}} 个字符'],
  changePassword: ['Change the password', '修改密码'],
  passwordChanged: ['The password is changed. Your other sessions have ended.', '密码已修改，您的其他会话均已结束。'],
  authenticator: ['Authenticator app', '身份验证器应用'],
  authenticatorWhy: [
    'An app on your phone that shows a fresh code every 30 seconds.',
    '手机上的应用，每 30 秒显示一个新的验证码。',
  ],
  passkey: ['Passkey', '通行密钥'],
  passkeyWhy: [
    'Your fingerprint, face or a security key. It cannot be given away to a false page.',
    '使用指纹、面容或安全密钥，不会被钓鱼页面骗取。',
  ],
  begin: ['Set up', '设置'],
  scan: ['Scan this with the app', '请用应用扫描此二维码'],
  typed: ['Or type this secret into it', '或在应用中手动输入此密钥'],
  shown: ['Then type the code that it shows', '然后输入应用显示的验证码'],
  confirm: ['Confirm', '确认'],
  recoveryCodes: ['Recovery codes', '恢复码'],
  recoveryWhy: [
    'Each signs you in once when your second factor is not at hand. They are shown only now: keep them where only you get at them.',
    '当第二验证因素不在手边时，每个恢复码可登录一次。它们只显示这一次，请妥善保管，不要让他人看到。',
  ],
  print: ['Print', '打印'],
  kept: ['I have kept them', '我已保存'],
  passkeyName: ['What to call it', '名称'],
  passkeyNameHint: ['Such as “Front desk computer”.', '例如“前台电脑”。'],
  qrLabel: ['QR code of the authenticator’s secret', '身份验证器密钥的二维码'],
  given_up: [
    'The browser’s dialog was closed or ran out of time. Nothing was changed.',
    '浏览器对话框已关闭或超时，未作任何更改。',
  ],
  known_already: ['This authenticator holds a passkey of yours already.', '此验证器中已有您的通行密钥。'],
  wrong_address: [
    'The browser takes passkeys only at a name, not at an IP address. Open this console by its host name.',
    '浏览器只允许在域名下使用通行密钥，不支持 IP 地址。请用主机名打开此控制台。',
  ],
  noPasskeys: ['This browser cannot use passkeys.', '此浏览器不支持通行密钥。'],
});
