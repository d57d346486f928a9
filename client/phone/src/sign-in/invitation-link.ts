/** What an invitation's link holds. */
export interface InvitationLink {
  readonly verificationId: string;
  readonly code: string;
}

/** Reads the fragment of `/phone/join#VERIFICATION_ID.CODE`; undefined when it is not one. */
export function readInvitation(fragment: string): InvitationLink | undefined {
  const [, verificationId, code] = /^#([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9-]{4,64})$/.exec(fragment) ?? [];
  return verificationId === undefined || code === undefined ? undefined : { verificationId, code };
}
