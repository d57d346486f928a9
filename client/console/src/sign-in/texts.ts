import { defineTexts } from '@cardea/client-ui';

/** What is said before somebody is signed in. */
export const signInTexts = defineTexts('sign-in', {
  title: ['Sign in', '登录'],
  address: ['E-mail or phone number', '电子邮箱或手机号'],
  password: ['Password', '密码'],
  signIn: ['Sign in', '登录'],
  secondStep: ['Second step', '第二步验证'],
  totp: ['Code of your authenticator', '身份验证器中的验证码'],
  recoveryCode: ['Recovery code', '恢复码'],
  useRecovery: ['Use a recovery code instead', '改用恢复码'],
  useTotp: ['Use the authenticator instead', '改用身份验证器'],
  recoveryHint: ['Each works once.', '每个恢复码只能使用一次。'],
  confirm: ['Confirm', '确认'],
  byPasskey: ['Sign in with a passkey', '使用通行密钥登录'],
  forgot: ['Forgot your password?', '忘记密码？'],
  forgotten: ['Set a new password', '重设密码'],
  sendCode: ['Send a code', '发送验证码'],
  codeSent: [
    'If the address is known here, a code is on its way to it. It is good for a short time.',
    '如果该地址已登记，验证码正在发送。验证码仅在短时间内有效。',
  ],
  code: ['Code', '验证码'],
  setPassword: ['Set the password', '设置密码'],
  passwordSet: ['The password is set. Sign in with it.', '密码已设置，请用新密码登录。'],
  ownPassword: ['Choose your own password', '设置您自己的密码'],
  ownPasswordWhy: [
    'The one you signed in with was handed to you, so somebody else may know it.',
    '您登录所用的密码是他人提供的，可能已被他人知晓。',
  ],
  secondFactor: ['Add a second factor', '添加第二验证因素'],
  secondFactorWhy: [
    'Your role can open doors for others. Your organization asks for more than a password.',
    '您的角色可以为他人开门，因此组织要求在密码之外增加一重验证。',
  ],
  back: ['Back', '返回'],
});
