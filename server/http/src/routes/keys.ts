import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import {
  grantMethod,
  keyBundle,
  keypadReopening,
  lostPhone,
  offlinePin,
  phone,
  shownOfflinePin,
} from '../represent/key.ts';
import { time } from '../represent/time.ts';
import { publicRoute, type Route, route } from '../route.ts';
import { beginSession } from './people.ts';

/** Methods at the locks: phones, cards and their keys, what phones carry, PINs. */
export function keyRoutes({ methods, phones, phoneSignIn, receipts, pins }: Core): readonly Route[] {
  return [
    route('GET /v1/grants/{id}/methods', async (actor, { params }) => ({
      items: (await methods.ofGrant(actor, params.id)).map(grantMethod),
    })),
    publicRoute('POST /v1/sessions/phone-challenge', async () => {
      const { challenge, expiresAt } = await phoneSignIn.challenge();
      return { challenge: toHex(challenge), expires_at: time(expiresAt) };
    }),
    publicRoute('POST /v1/sessions/phone', async ({ body, from, browser }) =>
      beginSession(body.cookie === true ? browser : undefined, () =>
        phoneSignIn.signIn(
          {
            organizationId: body.organization_id,
            publicKey: fromHex(body.public_key),
            challenge: fromHex(body.challenge),
            signature: fromHex(body.signature),
          },
          from,
        ),
      ),
    ),
    route('POST /v1/phones/challenges', async (actor) => {
      const { challenge, expiresAt } = await phones.challenge(actor);
      return { challenge: toHex(challenge), expires_at: time(expiresAt) };
    }),
    route('GET /v1/phones', (actor, { query }) =>
      pageOf(
        query,
        (page) => phones.list(actor, query.person_id === undefined ? {} : { personId: query.person_id }, page),
        phone,
      ),
    ),
    route('POST /v1/phones', async (actor, { body }) =>
      phone(
        await phones.enrol(actor, {
          kind: body.kind ?? 'phone',
          name: body.name,
          publicKey: fromHex(body.public_key),
          challenge: fromHex(body.challenge),
          signature: fromHex(body.signature),
          ...(body.person_id === undefined ? {} : { personId: body.person_id }),
        }),
      ),
    ),
    route('GET /v1/phones/{id}', async (actor, { params }) => phone(await phones.get(actor, params.id))),
    route('POST /v1/phones/{id}/lost', async (actor, { params }) => lostPhone(await phones.lost(actor, params.id))),
    route('POST /v1/phones/{id}/keys', async (actor, { params, body }) =>
      keyBundle(await phones.keys(actor, params.id, body.emergency)),
    ),
    route('POST /v1/receipts', async (actor, { body }) => {
      const records = body.records.map(({ lock_identifier: identifier, record }) => ({
        identifier,
        octets: fromHex(record),
      }));
      return { results: (await receipts.hand(actor, records)).map((result) => ({ result })) };
    }),
    route('POST /v1/grants/{id}/pins', async (actor, { params, body }) => {
      if (body.kind === 'online') {
        const chosen = body.pin === undefined ? undefined : new Secret(body.pin);
        const made = await pins.makeOnline(actor, params.id, chosen);
        return { pin: made.pin.reveal(), methods: made.methods.map(grantMethod), offline: [] };
      }
      const input = { window: body.window, startAt: Date.parse(body.start_at) };
      const shown = await pins.makeOffline(actor, params.id, input);
      return { pin: null, methods: [], offline: shown.map(shownOfflinePin) };
    }),
    route('GET /v1/grants/{id}/pins', async (actor, { params }) => {
      const { online, offline } = await pins.list(actor, params.id);
      return { online: online.map(grantMethod), offline: offline.map(offlinePin) };
    }),
    route('POST /v1/grants/{id}/pins/remove', async (actor, { params }) => ({
      items: (await pins.remove(actor, params.id)).map(grantMethod),
    })),
    route('POST /v1/doors/{id}/keypad/reopen', async (actor, { params }) =>
      keypadReopening(params.id, await pins.reopenKeypad(actor, params.id)),
    ),
  ];
}
