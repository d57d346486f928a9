import { createHmac, randomInt } from 'node:crypto';
import type { Client } from '@cardea/client-sdk';
import { generateP256, signP256 } from '@cardea/kit-node';
import { concat, fromAscii, fromHex, toHex } from '@cardea/kit-octets';

/** What is planted, and how its use went. */
export interface AccessUse {
  plant(name: string, secret: string | Uint8Array): void;
  readonly worked: { readonly name: string; readonly well: boolean }[];
}

const HOUR_MS = 3_600_000;

/**
 * Gives somebody a door: keys in a phone, an online PIN and an offline one; then a second factor and its recovery codes,
 * each rightly and wrongly. Every secret that is shown once is planted.
 */
export async function useAccess(
  client: Client,
  personId: string,
  doorId: string,
  { plant, worked }: AccessUse,
): Promise<void> {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const at = (ms: number): string => new Date(ms).toISOString();
  const grant = await client.grants.create({
    ...{ person_id: personId, scope: { kind: 'doors', door_ids: [doorId] }, methods: ['mobile_key', 'pin'] },
    ...{ not_before: at(hour - HOUR_MS), not_after: at(hour + 48 * HOUR_MS) },
  });
  const chosen = String(randomInt(100_000_000, 1_000_000_000));
  plant('an online PIN', chosen);
  const online = await client.pins.make(grant.id, { kind: 'online', pin: chosen });
  const offline = await client.pins.make(grant.id, { kind: 'offline', window: '24h', start_at: at(hour) });
  for (const { pin } of offline.offline) plant('an offline PIN', pin);
  const mistyped = String(randomInt(100_000_000, 1_000_000_000));
  plant('a PIN that was refused', mistyped);
  await client.pins.make(grant.id, { kind: 'online', pin: `${mistyped}0` }).catch(() => undefined);
  worked.push({ name: 'PINs were made', well: online.pin === chosen && offline.offline.length === 1 });

  const pair = generateP256();
  const { challenge } = await client.phones.challenge();
  const signed = concat(fromAscii('cardea-phone-1'), fromHex(challenge), pair.publicKey);
  const phone = await client.phones.enrol({
    ...{ kind: 'phone', name: 'phone', public_key: toHex(pair.publicKey), challenge, person_id: personId },
    signature: toHex(signP256(pair.privateKey, signed)),
  });
  const { keys } = await client.phones.keys(phone.id);
  for (const key of keys) {
    plant('a presentation key', fromHex(key.presentation_key));
    plant('an advertisement key', fromHex(key.advertisement_key));
  }
  worked.push({ name: 'a phone got a key', well: keys.length === 1 });
}

/** The owner takes an authenticator and recovery codes. Afterwards he signs in by two steps. */
export async function useSecondFactor(client: Client, password: string, { plant, worked }: AccessUse): Promise<void> {
  const { uri, secret } = await client.own.beginTotp(password);
  plant('the secret of an authenticator, typed', secret);
  const octets = fromBase32(secret);
  plant('the secret of an authenticator', octets);
  await client.own.confirmTotp('000000').catch(() => undefined);
  const { recovery_codes: codes } = await client.own.confirmTotp(codeOf(new URL(uri), octets));
  for (const code of codes) plant('a recovery code', code);
  worked.push({ name: 'an authenticator was taken', well: codes.length > 0 });
}

/** The code of RFC 6238 for now. */
function codeOf({ searchParams }: URL, secret: Uint8Array): string {
  const digits = Number(searchParams.get('digits') ?? 6);
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / Number(searchParams.get('period') ?? 30))));
  const hash = createHmac(searchParams.get('algorithm') ?? 'sha1', secret)
    .update(count)
    .digest();
  const bits = hash.readUInt32BE((hash.at(-1) ?? 0) & 0x0f) & 0x7fff_ffff;
  return String(bits % 10 ** digits).padStart(digits, '0');
}

/** RFC 4648, 6, without padding. */
function fromBase32(text: string): Uint8Array {
  const bits = [...text.replaceAll(/[^A-Z2-7]/gi, '').toUpperCase()]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, at) =>
    Number.parseInt(bits.slice(8 * at, 8 * at + 8), 2),
  );
}
