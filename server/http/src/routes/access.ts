import { Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { me, token } from '../represent/person.ts';
import { publicRoute, type Route, route } from '../route.ts';
import { begunSession } from './people.ts';

/** Sessions, the own password, and API tokens. */
export function accessRoutes({ access }: Core): readonly Route[] {
  return [
    publicRoute('POST /v1/sessions', async ({ body, from }) => {
      const { email, password, organization_id, device } = body;
      return begunSession(await access.signIn(email, new Secret(password), from, organization_id, device));
    }),
    route('DELETE /v1/sessions/current', async (actor) => {
      await access.signOut(actor);
      return undefined;
    }),
    route('POST /v1/password', async (actor, { body }) => {
      await access.changePassword(actor, new Secret(body.current_password), new Secret(body.new_password));
      return undefined;
    }),
    route('GET /v1/me', async (actor) => me(actor)),
    route('GET /v1/tokens', async (actor) => ({
      items: (await access.listTokens(actor)).map(token),
      next_cursor: null,
    })),
    route('POST /v1/tokens', async (actor, { body }) => {
      const created = await access.createToken(actor, {
        name: body.name,
        scopes: body.scopes,
        expiresInS: body.expires_in_s,
      });
      return { token: token(created.stored), secret: created.token.reveal() };
    }),
    route('DELETE /v1/tokens/{id}', async (actor, { params }) => {
      await access.removeToken(actor, params.id);
      return undefined;
    }),
  ];
}
