import { defineTexts } from '@cardea/client-ui';

export const signInTexts = defineTexts('signIn', {
  title: ['Sign in', '登录'],
  lead: ['To fetch your keys to this phone.', '登录后即可将钥匙存到本机。'],
  address: ['E-mail or phone number', '电子邮箱或手机号'],
  password: ['Password', '密码'],
  submit: ['Sign in', '登录'],
  busy: ['One moment …', '请稍候……'],
  secondTitle: ['Second step', '第二步验证'],
  totp: ['Code of your authenticator', '身份验证器中的验证码'],
  recovery: ['One of your recovery codes', '您的恢复码之一'],
  useRecovery: ['Use a recovery code', '使用恢复码'],
  useTotp: ['Use the authenticator', '使用身份验证器'],
  noWay: [
    'Your account asks for a passkey, which this browser does not know. Use another browser.',
    '您的账户需要通行密钥，但此浏览器不支持。请使用其他浏览器。',
  ],
  byPasskey: ['Use a passkey', '使用通行密钥'],
  given_up: ['No passkey was chosen, or it took too long. Try again.', '未选择通行密钥或已超时。请重试。'],
  known_already: ['This passkey is known already.', '此通行密钥已登记。'],
  wrong_address: [
    'Passkeys work only where the server is opened by its name over HTTPS, not by an IP address.',
    '通行密钥仅在通过域名以 HTTPS 打开服务器时可用，不支持 IP 地址。',
  ],
  joinTitle: ['Welcome', '欢迎'],
  joinLead: ['Choose a password. This phone then gets your keys.', '请设置密码，随后您的钥匙将存入本机。'],
  newPassword: ['New password', '新密码'],
  newPasswordHint: ['12 characters or more. A sentence is easy to remember.', '至少 12 个字符，可以用一句好记的话。'],
  join: ['Continue', '继续'],
  joinBad: [
    'This link is incomplete. Open it again as it was sent, or ask for a new one.',
    '链接不完整。请重新打开收到的原始链接，或索取新的链接。',
  ],
  haveAccount: ['I have an account already', '我已有账户'],
  backToDoors: ['Back to the doors', '返回门列表'],
});
