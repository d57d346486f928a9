import type { OutboxMessage } from '@cardea/wire-api';

/** Where an invitation is taken: its secret stands in the fragment, which browsers send to nobody. */
export function invitationLink(origin: string, verificationId: string, code: string): string {
  return `${origin}/phone/join#${verificationId}.${code}`;
}

/** The code of an invitation in the messages that a demo estate has written down instead of sending them. */
export function codeInOutbox(messages: readonly OutboxMessage[], verificationId: string): string | undefined {
  const message = messages.find(({ text }) => text.includes(verificationId));
  return message && /^[ \t]*code[ \t]+(\S+)/m.exec(message.text)?.[1];
}
