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
  back: ['Back', '返回'],
});
