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
    'Your account asks for a passkey, which this page cannot answer yet.',
    '您的账户需要通行密钥，本页面暂不支持。',
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
