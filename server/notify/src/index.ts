export { NotifyError, type NotifyErrorCode } from './errors.ts';
export { createNotifier, type NotifierOptions, type OpenNotifier } from './notifier.ts';
export { OUTBOX_MOST, type Outbox, type OutboxMessage, openOutbox } from './outbox.ts';
export type { Message, Sender } from './sender.ts';
export { createSmsHook, hookKey, type SmsHookSettings, signatureOf } from './sms-hook.ts';
export { createSmtpSender, type SmtpSettings } from './smtp.ts';
