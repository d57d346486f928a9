import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { nodePrimitives as primitives, verifyP256 } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import { aessiv } from '@noble/ciphers/aes.js';
import { describe, expect, test } from 'vitest';
import {
  decodeChange,
  decodeCommand,
  decodeGrant,
  decodeHello,
  decodeKeyAnswer,
  decodeLevelGrant,
  decodeOrder,
  decodePresentation,
  decodeProof,
  decodeScheduleTable,
  decodeSignedLevelGrant,
  encodeChange,
  encodeCommand,
  encodeGrant,
  encodeHello,
  encodeKeyAnswer,
  encodeLevelGrant,
  encodeOrder,
  encodePresentation,
  encodeProof,
  encodeScheduleTable,
  openAt,
  openGrant,
  openOrder,
  presentationSigned,
  proves,
} from '../src/index.ts';

const vectors = JSON.parse(readFileSync(new URL('../../../vectors/access.json', import.meta.url), 'utf8'));
const lockId = fromHex(vectors.identifier);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const hkdf = (label: Uint8Array): string =>
  Buffer.from(hkdfSync('sha256', fromHex(vectors.bindingKey), new Uint8Array(0), label, 32)).toString('hex');
const key = (name: string): Uint8Array => fromHex(vectors.keys[name]);

describe('vectors/access.json, read by node:crypto and @noble/ciphers', () => {
  test('keys are HKDF of the binding key', () => {
    const grantId = fromHex(vectors.grant.accept[0].grant.grantId);
    expect(vectors.keys).toEqual({
      grant: hkdf(utf8('grant')),
      phone: hkdf(Buffer.concat([utf8('phone'), grantId])),
      order: hkdf(utf8('order')),
      table: hkdf(utf8('table')),
      carry: hkdf(utf8('carry')),
      pinOfGeneration3: hkdf(Buffer.from('70696e00000003', 'hex')),
      onlinePin: hkdf(utf8('online pin')),
    });
  });

  test('grants, orders, changes and carried events are AES-SIV', () => {
    const [grant] = vectors.grant.accept;
    expect(toHex(aessiv(key('grant'), utf8('cardea-grant-1')).encrypt(fromHex(grant.plain)))).toBe(grant.sealed);
    const [order] = vectors.orders.accept;
    expect(`24${toHex(aessiv(key('order')).encrypt(fromHex(order.plain)))}`).toBe(order.message24);
    for (const { plain, message25, digest } of vectors.changes.accept) {
      expect(`25${toHex(aessiv(key('table')).encrypt(fromHex(plain)))}`).toBe(message25);
      expect(createHash('sha256').update(fromHex(message25)).digest('hex').slice(0, 16)).toBe(digest);
    }
    const [{ carried, event }] = vectors.exchange.accept;
    const bound = Buffer.concat([lockId, fromHex(carried.slice(0, 8))]);
    expect(carried.slice(8)).toBe(toHex(aessiv(key('carry'), bound).encrypt(fromHex(event))));
  });

  test('the exchange is HMAC, ES256 and HKDF over what was said', () => {
    const [accept] = vectors.exchange.accept;
    const hello = decodeHello(fromHex(accept.message20));
    const proof = decodeProof(fromHex(accept.message21));
    const presentation = decodePresentation(fromHex(accept.message22));
    const said = Buffer.concat([lockId, hello.grantId, hello.nonceP, proof.nonceL, proof.epkL]);
    const tag = createHmac('sha256', fromHex(accept.kg)).update('cardea-offline-1 lock').update(said).digest('hex');
    expect(toHex(proof.tag)).toBe(tag);
    const { phoneKey } = decodeGrant(fromHex(vectors.grant.accept[0].plain)).grant;
    expect(verifyP256(phoneKey, fromHex(accept.signed), presentation.signature)).toBe(true);
    const bound = { lockId, ...presentation, nonceP: hello.nonceP, nonceL: proof.nonceL, epkL: proof.epkL };
    expect(toHex(presentationSigned(primitives, bound))).toBe(accept.signed);
    const transcript = createHash('sha256')
      .update(fromHex(accept.message20 + accept.message21 + accept.message22))
      .digest();
    for (const name of ['enc', 'mac', 'iv']) {
      const info = Buffer.concat([utf8(`cardea-offline-1 receipt ${name}`), transcript]);
      const expected = Buffer.from(hkdfSync('sha256', fromHex(accept.z), fromHex(accept.kg), info, 16)).toString('hex');
      expect(accept.keys[name]).toBe(expected);
    }
    expect(accept.message23).toBe(`23${accept.frame}0024${accept.carried}`);
  });

  test('level grants are ES256 by the grant key', () => {
    const [{ plain, signed, signature }] = vectors.levelGrant.accept;
    expect(signed).toBe(toHex(utf8('cardea-level-grant-1')) + plain);
    expect(verifyP256(fromHex(vectors.levelGrant.grantKey), fromHex(signed), fromHex(signature))).toBe(true);
  });

  test('PINs are HMAC, truncated', () => {
    for (const { kind, startS, pin } of vectors.pins.offline) {
      const steps = (startS - 1_704_067_200) / (kind < 2 ? 3_600 : 86_400);
      const start = Buffer.alloc(4);
      start.writeUInt32BE(startS);
      const hash = createHmac('sha256', key('pinOfGeneration3'))
        .update(lockId)
        .update(Uint8Array.of(kind))
        .update(start)
        .digest();
      const code = (hash.readUInt32BE((hash.at(-1) ?? 0) & 15) & 0x7fff_ffff) % 10_000_000;
      expect(pin).toBe(String(250 * kind + (steps % 250)).padStart(3, '0') + String(code).padStart(7, '0'));
    }
    for (const { pin, verifier } of vectors.pins.online) {
      expect(verifier).toBe(createHmac('sha256', key('onlinePin')).update(pin).digest('hex'));
    }
  });

  test('schedules are open when they say', () => {
    const [{ schedule, table, isOpen }] = vectors.schedules.accept;
    expect(decodeScheduleTable(fromHex(table))).toEqual(schedule);
    for (const { at, open } of isOpen) expect(openAt(schedule, Date.parse(at) / 1000), at).toBe(open);
  });
});

describe('what is in vectors/access.json', () => {
  const again =
    <T>(decode: (octets: Uint8Array) => T, encode: (value: T) => Uint8Array) =>
    (hex: string) =>
      toHex(encode(decode(fromHex(hex))));

  test('reads and writes as it is', () => {
    const [exchange] = vectors.exchange.accept;
    const [{ plain: order }] = vectors.orders.accept;
    const samples: readonly [hex: string, (hex: string) => string][] = [
      [vectors.grant.accept[0].plain, again(decodeGrant, ({ lockId: id, grant }) => encodeGrant(id, grant))],
      [vectors.levelGrant.accept[0].plain, again(decodeLevelGrant, encodeLevelGrant)],
      [exchange.message20, again(decodeHello, encodeHello)],
      [exchange.message21, again(decodeProof, encodeProof)],
      [exchange.message22, again(decodePresentation, encodePresentation)],
      [exchange.message23, again(decodeKeyAnswer, encodeKeyAnswer)],
      [order, again(decodeOrder, encodeOrder)],
      [vectors.schedules.accept[0].table, again(decodeScheduleTable, encodeScheduleTable)],
      [vectors.card.select, again(decodeCommand, encodeCommand)],
      [vectors.card.begin, again(decodeCommand, encodeCommand)],
      ...vectors.changes.accept.map(({ plain }: { plain: string }) => [plain, again(decodeChange, encodeChange)]),
    ];
    for (const [hex, read] of samples) expect(read(hex)).toBe(hex);
  });

  const refused = (run: () => unknown): boolean => {
    try {
      const found = run();
      return found === undefined || found === false;
    } catch {
      return true;
    }
  };
  const [accept] = vectors.exchange.accept;
  const hello = decodeHello(fromHex(accept.message20));
  const { epkL, nonceL } = decodeProof(fromHex(accept.message21));
  const opens: Readonly<Record<string, (hex: string) => unknown>> = {
    sealed: (hex) => openGrant(primitives, key('grant'), lockId, fromHex(hex)),
    presented: (hex) => {
      const { signed, signature } = decodeSignedLevelGrant(fromHex(hex));
      return verifyP256(fromHex(vectors.levelGrant.grantKey), signed, signature);
    },
    message21: (hex) => proves(primitives, fromHex(accept.kg), lockId, hello, decodeProof(fromHex(hex))),
    message22: (hex) => {
      const presentation = decodePresentation(fromHex(hex));
      const grant = openGrant(primitives, key('grant'), lockId, presentation.grant);
      const bound = { lockId, ...presentation, nonceP: hello.nonceP, nonceL, epkL };
      return grant && verifyP256(grant.phoneKey, presentationSigned(primitives, bound), presentation.signature);
    },
    message24: (hex) => openOrder(primitives, key('order'), fromHex(hex)),
  };
  const groups = [vectors.grant, vectors.levelGrant, vectors.exchange, vectors.orders];

  test.each(groups.flatMap(({ refuse }) => refuse as Record<string, string>[]))(
    'refuses: $why',
    ({ why: _, ...shown }) => {
      for (const [name, hex] of Object.entries(shown)) expect(refused(() => opens[name]?.(hex))).toBe(true);
    },
  );

  test('takes what is to be taken by the same means', () => {
    expect(refused(() => opens.sealed?.(vectors.grant.accept[0].sealed))).toBe(false);
    expect(refused(() => opens.presented?.(vectors.levelGrant.accept[0].presented))).toBe(false);
    expect(refused(() => opens.message21?.(accept.message21))).toBe(false);
    expect(refused(() => opens.message22?.(accept.message22))).toBe(false);
    expect(refused(() => opens.message24?.(vectors.orders.accept[0].message24))).toBe(false);
  });
});
