import { Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { me, token } from '../represent/person.ts';
import { publicRoute, type Route, route } from '../route.ts';
import { beginSession } from './people.ts';

/** Sessions, the own password, and API tokens. `demo` says whether locks here are virtual. */
export function accessRoutes({ access }: Core, demo: boolean): readonly Route[] {
  return [
    publicRoute('POST /v1/sessions', async ({ body, from, browser }) => {
      const { email, password, organization_id, device, cookie } = body;
      return beginSession(cookie === true ? browser : undefined, () =>
        access.signIn(email, new Secret(password), from, organization_id, device),
      );
    }),
    route('DELETE /v1/sessions/current', async (actor, { browser }) => {
      await access.signOut(actor);
      browser.forget();
      return undefined;
    }),
    route('POST /v1/password', async (actor, { body }) => {
      await access.changePassword(actor, new Secret(body.current_password), new Secret(body.new_password));
      return undefined;
    }),
    route('GET /v1/me', async (actor) => me(actor, await access.self(actor), demo)),
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
