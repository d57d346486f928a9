import { createECDH } from 'node:crypto';
import { nodePrimitives as primitives } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import {
  advertisementHash,
  answerBindRequest,
  bindingKeys,
  boundToCommand,
  encodeAckBody,
  encodeAdvertisement,
  encodeCommandBody,
  encodeEventBody,
  encodeMessage,
  encodeReceiptBody,
  lockIdOf,
  macBindRequest,
  seal,
  sealState,
  splitMessage,
} from '@cardea/wire-maker2';

const IDENTIFIER = 'C0FFEE000201';
const count = (sizeOctets: number, first: number): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => (first + i) % 256);

function ephemeral(first: number) {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(count(32, first));
  return { ecdh, publicKey: new Uint8Array(ecdh.getPublicKey()) };
}

/** `vectors/maker2.json`: one whole life of a lock, with fixed randomness, from which somebody else can build one. */
export function files(): Record<string, string> {
  const lockId = lockIdOf(IDENTIFIER);
  const factoryKey = new Secret(count(16, 0));
  const [server, lock] = [ephemeral(1), ephemeral(101)];
  const z = new Uint8Array(server.ecdh.computeSecret(lock.publicKey));
  const request = macBindRequest(primitives, factoryKey, lockId, {
    kind: 'bind-request',
    random: count(16, 32),
    publicKey: server.publicKey,
    keyVersion: 1,
  });
  const { answer, bindingKey } = answerBindRequest(
    primitives,
    factoryKey,
    lockId,
    request,
    { kind: 'bind-answer', random: count(16, 48), publicKey: lock.publicKey, resetCount: 0 },
    z,
  );
  const keys = bindingKeys(primitives, bindingKey);
  const nothing = new Uint8Array(0);

  const ask = count(4, 64);
  const challenge = count(8, 72);
  const commandBody = encodeCommandBody({ operation: 'unlock', class: 'operate', timeToLiveMs: 10_000 });
  const commandNonce = count(12, 80);
  const command = encodeMessage({
    kind: 'command',
    challenge,
    nonce: commandNonce,
    sealed: seal(primitives, keys.command, commandNonce, commandBody, { kind: 'command', lockId, bound: challenge }),
  });
  const attributes = {
    bolt: 'unlocked',
    door: 'closed',
    batteryPercent: 90,
    tamper: false,
    privacy: false,
    clock: 'unset',
  } as const;
  const receiptBody = encodeReceiptBody({ result: 'done', attributes, eventSequence: 3 });
  const receiptNonce = count(12, 96);
  const bound = boundToCommand(primitives, challenge, command);
  const receipt = encodeMessage({
    kind: 'receipt',
    challenge,
    nonce: receiptNonce,
    sealed: seal(primitives, keys.receipt, receiptNonce, receiptBody, { kind: 'receipt', lockId, bound }),
  });
  const eventBody = encodeEventBody({ sequence: 3, code: 'unlocked', actor: 0, detail: 0 });
  const eventNonce = count(12, 112);
  const event = encodeMessage({
    kind: 'event',
    nonce: eventNonce,
    sealed: seal(primitives, keys.event, eventNonce, eventBody, { kind: 'event', lockId, bound: nothing }),
  });
  const ackBody = encodeAckBody(3);
  const ackNonce = count(12, 128);
  const ack = encodeMessage({
    kind: 'ack',
    nonce: ackNonce,
    sealed: seal(primitives, keys.ack, ackNonce, ackBody, { kind: 'ack', lockId, bound: nothing }),
  });
  const salt = count(6, 144);
  const flip = (octets: Uint8Array, at: number): string =>
    toHex(octets.map((octet, i) => (i === at ? octet ^ 1 : octet)));

  const vectors = {
    source: 'docs/maker2.md: a protocol of our own',
    accept: {
      identifier: IDENTIFIER,
      factory_key: toHex(factoryKey.reveal()),
      binding: {
        server_private_key: toHex(count(32, 1)),
        lock_private_key: toHex(count(32, 101)),
        z: toHex(z),
        bind_request: toHex(encodeMessage(request)),
        refusal_wait: toHex(encodeMessage({ kind: 'refusal', code: 'wait_for_confirmation', resetCount: 0 })),
        bind_answer: toHex(encodeMessage(answer)),
        binding_key: toHex(bindingKey.reveal()),
      },
      keys: Object.fromEntries(
        Object.entries(keys).map(([name, key]: [string, Secret]) => [name, toHex(key.reveal())]),
      ),
      command: {
        hello: toHex(encodeMessage({ kind: 'hello', ask })),
        challenge: toHex(encodeMessage({ kind: 'challenge', ask, challenge, keyVersion: 1, resetCount: 0 })),
        body: toHex(commandBody),
        command: toHex(command),
        chunks_at_mtu_23: splitMessage(command, 23).map(toHex),
        receipt_body: toHex(receiptBody),
        receipt: toHex(receipt),
      },
      event: { body: toHex(eventBody), event: toHex(event), ack_body: toHex(ackBody), ack: toHex(ack) },
      advertisement: {
        unbound: toHex(encodeAdvertisement({ kind: 'unbound', identifier: IDENTIFIER, model: 513, windowOpen: true })),
        bound: toHex(
          encodeAdvertisement({
            kind: 'bound',
            salt,
            hash: advertisementHash(primitives, keys.advertisement.reveal(), salt),
            count: 5,
            sealed: sealState(primitives, keys.beacon.reveal(), salt, 5, attributes),
          }),
        ),
      },
    },
    refuse: {
      'command with a flipped tag bit': flip(command, command.length - 1),
      'command with a flipped nonce bit': flip(command, 15),
      'command with another challenge': flip(command, 5),
      'receipt with another challenge': flip(receipt, 5),
      'elements out of order': '020440414243010101',
      'element cut off': toHex(command.slice(0, -1)),
      'unknown kind': '01017f',
      'octet after the last element': `${toHex(encodeMessage({ kind: 'hello', ask }))}00`,
    },
  };
  return { 'vectors/maker2.json': `${JSON.stringify(vectors, null, 2)}\n` };
}
