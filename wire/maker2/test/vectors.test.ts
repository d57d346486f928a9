import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '@cardea/kit-octets';
import { expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../src/index.ts';

const { accept, refuse } = JSON.parse(readFileSync(new URL('../../../vectors/maker2.json', import.meta.url), 'utf8'));

it.each([
  accept.binding.bind_request,
  accept.binding.refusal_wait,
  accept.binding.bind_answer,
  accept.command.hello,
  accept.command.challenge,
  accept.command.command,
  accept.command.receipt,
  accept.event.event,
  accept.event.ack,
])('vector %s reads and writes as it is', (hex) => {
  expect(toHex(encodeMessage(decodeMessage(fromHex(hex))))).toBe(hex);
});

it("the command's vector opens with node:crypto's own AES-CCM as docs/maker2.md says", () => {
  const message = decodeMessage(fromHex(accept.command.command));
  if (message.kind !== 'command') throw new Error(message.kind);
  const body = message.sealed.slice(0, -8);
  const decipher = createDecipheriv('aes-128-ccm', fromHex(accept.keys.command), message.nonce, { authTagLength: 8 });
  decipher.setAuthTag(message.sealed.slice(-8));
  const associated = [Buffer.from('maker2 1 command\0'), fromHex(accept.identifier), message.challenge];
  decipher.setAAD(Buffer.concat(associated), { plaintextLength: body.length });
  expect(decipher.update(body).toString('hex')).toBe(accept.command.body);
  decipher.final();
});

it.each(['elements out of order', 'element cut off', 'unknown kind', 'octet after the last element'])(
  '%s is refused',
  (name) => {
    expect(() => decodeMessage(fromHex(refuse[name]))).toThrow();
  },
);
