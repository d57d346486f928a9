import { Secret } from '@cardea/kit-runtime';
import type { BegunSession, Core, SecondStepAnswer } from '@cardea/server-core';
import type { BodyOf, Session } from '@cardea/wire-api';
import { HttpRefusal } from '../refusal.ts';
import { askedCode, contact, ownSession, passkey, secondFactors, signInPolicy } from '../represent/people.ts';
import { person } from '../represent/person.ts';
import { time } from '../represent/time.ts';
import { publicRoute, type Route, route } from '../route.ts';
import type { Browser } from '../web/browser.ts';

/**
 * Begins a session. Its bearer secret is in the answer, this once; for a `browser` it goes into the cookie instead.
 * @throws HttpRefusal not_permitted, before anything is begun, when no page of ours asks for the cookie
 */
export async function beginSession(browser: Browser | undefined, begin: () => Promise<BegunSession>): Promise<Session> {
  browser?.checkOwnPage();
  const { token, expiresAt, person: who } = await begin();
  browser?.keep(token, expiresAt);
  const shown = browser === undefined ? token.reveal() : null;
  return { token: shown, expires_at: time(expiresAt), person: person(who) };
}

/** Registration, invitation, recovery, second factors, own addresses and sessions. */
export function peopleRoutes({ registration, factors, secondStep, sessions }: Core): readonly Route[] {
  const shown = (codes: readonly Secret<string>[]): string[] => codes.map((code) => code.reveal());
  return [
    publicRoute('POST /v1/register', async ({ body, from }) =>
      askedCode(
        await registration.register(
          { organizationId: body.organization_id, name: body.name, address: body.address },
          from,
        ),
      ),
    ),
    publicRoute('POST /v1/verifications', async ({ body, from }) =>
      askedCode(await registration.recover({ organizationId: body.organization_id, address: body.address }, from)),
    ),
    publicRoute('POST /v1/verifications/{id}', async ({ params, body }) => {
      const password = body.password === undefined ? undefined : new Secret(body.password);
      return person(await registration.confirm(params.id, new Secret(body.code), password));
    }),
    publicRoute('POST /v1/sessions/second-step', async ({ body, from, browser }) =>
      beginSession(body.cookie === true ? browser : undefined, () =>
        secondStep.answer(new Secret(body.step), answerOf(body), from),
      ),
    ),
    publicRoute('POST /v1/sessions/passkey', async ({ body }) => {
      const { step, options } = await secondStep.beginPasskeySignIn(body.organization_id, body.device ?? '');
      return { step: step.reveal(), options };
    }),
    route('POST /v1/invitations', async (actor, { body }) => {
      const { person: invited, sent } = await registration.invite(actor, body);
      return { person: person(invited), ...askedCode(sent) };
    }),
    route('POST /v1/persons/{id}/invitation', async (actor, { params }) =>
      askedCode(await registration.inviteAgain(actor, params.id)),
    ),
    route('POST /v1/persons/{id}/reset-second-factors', async (actor, { params }) => {
      await factors.reset(actor, params.id);
      return undefined;
    }),
    route('GET /v1/sign-in-policy', async (actor) => signInPolicy(await factors.policy(actor))),
    route('PATCH /v1/sign-in-policy', async (actor, { body }) =>
      signInPolicy(
        await factors.setPolicy(actor, {
          ...(body.second_factor && { secondFactor: body.second_factor }),
          ...(body.registration && { registration: body.registration }),
        }),
      ),
    ),
    route('GET /v1/me/second-factors', async (actor) => secondFactors(await factors.view(actor))),
    route('POST /v1/me/totp', async (actor, { body }) => {
      const { uri, secret } = await factors.beginTotp(actor, new Secret(body.current_password));
      return { uri: uri.reveal(), secret: secret.reveal() };
    }),
    route('POST /v1/me/totp/confirm', async (actor, { body }) => ({
      recovery_codes: shown(await factors.confirmTotp(actor, new Secret(body.code))),
    })),
    route('POST /v1/me/totp/remove', async (actor, { body }) => {
      await factors.removeTotp(actor, new Secret(body.current_password));
      return undefined;
    }),
    route('POST /v1/me/passkeys/options', async (actor, { body }) => {
      const { stepId, options } = await factors.beginPasskey(actor, new Secret(body.current_password));
      return { step_id: stepId, options };
    }),
    route('POST /v1/me/passkeys', async (actor, { body }) => {
      const { step_id: stepId, name, response } = body;
      const added = await factors.addPasskey(actor, { stepId, name, response });
      return { passkey: passkey(added.passkey), recovery_codes: shown(added.recoveryCodes) };
    }),
    route('POST /v1/me/passkeys/{id}/remove', async (actor, { params, body }) => {
      await factors.removePasskey(actor, params.id, new Secret(body.current_password));
      return undefined;
    }),
    route('POST /v1/me/recovery-codes', async (actor, { body }) => ({
      recovery_codes: shown(await factors.renewRecoveryCodes(actor, new Secret(body.current_password))),
    })),
    route('GET /v1/me/contacts', async (actor) => ({
      items: (await registration.contacts(actor)).map(contact),
      next_cursor: null,
    })),
    route('POST /v1/me/contacts', async (actor, { body }) =>
      askedCode(await registration.addContact(actor, body.address)),
    ),
    route('DELETE /v1/me/contacts/{id}', async (actor, { params }) => {
      await registration.removeContact(actor, params.id);
      return undefined;
    }),
    route('GET /v1/me/sessions', async (actor) => ({
      items: (await sessions.list(actor)).map(ownSession),
      next_cursor: null,
    })),
    route('DELETE /v1/me/sessions/{id}', async (actor, { params }) => {
      await sessions.remove(actor, params.id);
      return undefined;
    }),
    route('POST /v1/me/sessions/end-others', async (actor) => ({ ended: await sessions.removeOthers(actor) })),
  ];
}

/** Exactly one of the answers. @throws HttpRefusal invalid */
function answerOf({ totp, recovery_code, passkey }: BodyOf<'POST /v1/sessions/second-step'>): SecondStepAnswer {
  const answers: SecondStepAnswer[] = [];
  if (totp !== undefined) answers.push({ kind: 'totp', code: new Secret(totp) });
  if (recovery_code !== undefined) answers.push({ kind: 'recovery_code', code: new Secret(recovery_code) });
  if (passkey !== undefined) answers.push({ kind: 'passkey', response: passkey });
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) {
    throw new HttpRefusal(
      'invalid',
      'Answer by body.totp, body.recovery_code or body.passkey, and one of them alone.',
      {
        field: 'body.totp',
      },
    );
  }
  return answer;
}
