import type { Notice } from '@cardea/server-core';

/** What a notice says: a subject for mail, and a text that stands for itself. */
export interface Words {
  readonly subject: string;
  readonly text: string;
}

/**
 * The words of a notice. A name and an organization are what somebody has typed: they are cut and kept on one line, so that
 * nobody writes a message of his own by them. `publicUrl` is where the phone app of this server is; its link carries the code
 * in its fragment, which no browser sends and no server logs.
 */
export function wordsOf(notice: Notice, publicUrl?: string): Words {
  const organization = oneLine(notice.organization) || 'Cardea';
  const hello = `Hello ${oneLine(notice.name)},`;
  const until = notice.answer === null ? '' : clock(notice.answer.expiresAt);
  const code = notice.answer?.code.reveal() ?? '';
  const reference = notice.answer?.verificationId ?? '';
  // An address is added by whoever is signed in already: the code is all that is asked for there.
  const link =
    publicUrl === undefined || notice.kind === 'contact'
      ? ''
      : `Or open this:\n${publicUrl}/phone/join#${reference}.${code}\n\n`;
  const host = oneLine(notice.host ?? '') || organization;
  const app = publicUrl === undefined ? '' : `:\n${publicUrl}/phone/`;
  const coded = (what: string): string =>
    `${hello}\n\n${what}\n\n  code       ${code}\n  reference  ${reference}\n\n${link}It counts until ${until}. Tell it to nobody.\n`;
  switch (notice.kind) {
    case 'registration':
      return {
        subject: `${code} is your code for ${organization}`,
        text: coded(`somebody, most likely you, registers at ${organization} with this address.`),
      };
    case 'recovery':
      return {
        subject: `${code} is your code for ${organization}`,
        text: coded(`somebody, most likely you, wants to set a new password at ${organization}.`),
      };
    case 'contact':
      return {
        subject: `${code} is your code for ${organization}`,
        text: coded(`you are about to add this address to your account at ${organization}.`),
      };
    case 'invitation':
      return {
        subject: `${organization} invites you`,
        text: coded(`${organization} has made an account for you. Choose a password by this code:`),
      };
    case 'visitor_invitation':
      return {
        subject: `${host} lets you in at ${organization}`,
        text: coded(`${host} lets you open doors at ${organization} for a time. Choose a password by this code:`),
      };
    case 'visit':
      return {
        subject: `${host} lets you in at ${organization}`,
        text: `${hello}\n\n${host} lets you open doors at ${organization} for a time. Sign in to see which${app}.\n`,
      };
    case 'known_address':
      return {
        subject: `Your account at ${organization}`,
        text: `${hello}\n\nsomebody, most likely you, wanted to use this address for a new account at ${organization}. It has one already: sign in, or ask for a new password. If it was not you, there is nothing to do.\n`,
      };
    case 'password_changed':
      return {
        subject: `Your password at ${organization} was changed`,
        text: `${hello}\n\nyour password at ${organization} was set anew, and every session ended. If it was not you, tell ${organization} at once.\n`,
      };
    case 'second_factor_removed':
      return {
        subject: `A second factor at ${organization} was removed`,
        text: `${hello}\n\na second factor of your account at ${organization} was removed. If it was not you, tell ${organization} at once.\n`,
      };
  }
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/https?:\/\//gi, '')
    .trim()
    .slice(0, 100);
}

function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
