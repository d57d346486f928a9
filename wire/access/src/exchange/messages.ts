import type { OfflineOperation } from '@cardea/wire-profile';
import { CARRIED_SIZE_OCTETS } from '../carried.ts';
import { AccessError, inRange, reading, writing } from '../errors.ts';
import { SEALED_GRANT_SIZE_OCTETS } from '../grant.ts';
import { GRANT_ID_SIZE_OCTETS, OFFLINE_OPERATION_OCTET, offlineOperationOf } from '../grant-fields.ts';
import { SIGNED_LEVEL_GRANT_SIZE_OCTETS } from '../level-grant.ts';
import { ACCESS_MESSAGE } from '../messages.ts';

/** Octets of either side's nonce. */
export const NONCE_SIZE_OCTETS = 16;
/** Octets of the sealed receipt frame in message 23: the lock protocol's. */
export const RECEIPT_FRAME_SIZE_OCTETS = 28;

/** Message 20, phone to lock: which grant. In the clear: a listener can recognise the grant's id. */
export interface Hello {
  /** 16 octets. */
  readonly grantId: Uint8Array;
  /** 16 fresh octets. */
  readonly nonceP: Uint8Array;
}

/** Message 21, lock to phone: the lock proves itself first. */
export interface Proof {
  /** 16 fresh octets, for this connection alone. */
  readonly nonceL: Uint8Array;
  /** Ephemeral P-256 key of the lock, uncompressed, 65 octets. */
  readonly epkL: Uint8Array;
  /** 32 octets: {@link proofTag}. */
  readonly tag: Uint8Array;
}

/** Message 22, phone to lock: the grant, and that this phone is who it was made for. */
export interface Presentation {
  readonly operation: OfflineOperation;
  /** Ephemeral P-256 key of the phone, uncompressed, 65 octets. */
  readonly epkP: Uint8Array;
  /** ES256 by the phone's key, r | s (64), over {@link presentationSigned}. */
  readonly signature: Uint8Array;
  /** A sealed grant (133 octets) or a signed level grant (200). */
  readonly grant: Uint8Array;
}

/** Message 23, lock to phone: the receipt, and the event that the phone is to carry to the RAS. */
export interface KeyAnswer {
  /** 28 octets: a receipt frame under the exchange's keys, counter 1. */
  readonly frame: Uint8Array;
  /** The newest event that the RAS should hear of, sealed for it (36 octets), or nothing. */
  readonly carried: Uint8Array | undefined;
}

/** 20 grantId(16) nonceP(16): 33 octets. @throws AccessError `range` */
export function encodeHello(hello: Hello): Uint8Array {
  return writing((writer) =>
    writer
      .uint('kind', ACCESS_MESSAGE.hello, 1)
      .octets('grant id', hello.grantId, GRANT_ID_SIZE_OCTETS)
      .octets('nonceP', hello.nonceP, NONCE_SIZE_OCTETS),
  );
}

/** The inverse of {@link encodeHello}. @throws AccessError `length`, `kind` */
export function decodeHello(octets: Uint8Array): Hello {
  return reading('message 20', octets, (reader) => {
    expectKind(reader.uint('kind', 1), ACCESS_MESSAGE.hello);
    return {
      grantId: reader.octets('grant id', GRANT_ID_SIZE_OCTETS),
      nonceP: reader.octets('nonceP', NONCE_SIZE_OCTETS),
    };
  });
}

/** 21 nonceL(16) epkL(65) tag(32): 114 octets. @throws AccessError `range` */
export function encodeProof(proof: Proof): Uint8Array {
  return writing((writer) =>
    writer
      .uint('kind', ACCESS_MESSAGE.proof, 1)
      .octets('nonceL', proof.nonceL, NONCE_SIZE_OCTETS)
      .octets('epkL', proof.epkL, 65)
      .octets('tag', proof.tag, 32),
  );
}

/** The inverse of {@link encodeProof}; nothing of it is verified. @throws AccessError `length`, `kind` */
export function decodeProof(octets: Uint8Array): Proof {
  return reading('message 21', octets, (reader) => {
    expectKind(reader.uint('kind', 1), ACCESS_MESSAGE.proof);
    return {
      nonceL: reader.octets('nonceL', NONCE_SIZE_OCTETS),
      epkL: reader.octets('epkL', 65),
      tag: reader.octets('tag', 32),
    };
  });
}

/** 22 operation(1: 1 unlock, 2 lock, 4 override) epkP(65) signature(64) grant(133 or 200): 264 or 331 octets. @throws AccessError `range` */
export function encodePresentation(presentation: Presentation): Uint8Array {
  checkGrantSize(presentation.grant.length);
  return writing((writer) =>
    writer
      .uint('kind', ACCESS_MESSAGE.presentation, 1)
      .uint('operation', OFFLINE_OPERATION_OCTET[presentation.operation], 1)
      .octets('epkP', presentation.epkP, 65)
      .octets('signature', presentation.signature, 64)
      .octets('grant', presentation.grant),
  );
}

/** The inverse of {@link encodePresentation}; nothing of it is verified. @throws AccessError `length`, `kind`, `range` */
export function decodePresentation(octets: Uint8Array): Presentation {
  return reading('message 22', octets, (reader) => {
    expectKind(reader.uint('kind', 1), ACCESS_MESSAGE.presentation);
    const operation = offlineOperationOf(reader.uint('operation', 1));
    const epkP = reader.octets('epkP', 65);
    const signature = reader.octets('signature', 64);
    checkGrantSize(reader.left);
    return { operation, epkP, signature, grant: reader.rest() };
  });
}

/** 23 frame(28) length(2: 0 or 36) carried: 31 or 67 octets. @throws AccessError `range` */
export function encodeKeyAnswer(answer: KeyAnswer): Uint8Array {
  const { frame, carried } = answer;
  return writing((writer) => {
    writer
      .uint('kind', ACCESS_MESSAGE.answer, 1)
      .octets('frame', frame, RECEIPT_FRAME_SIZE_OCTETS)
      .uint('length', carried?.length ?? 0, 2);
    return carried === undefined ? writer : writer.octets('carried', carried, CARRIED_SIZE_OCTETS);
  });
}

/** The inverse of {@link encodeKeyAnswer}; nothing of it is verified. @throws AccessError `length`, `kind`, `range` */
export function decodeKeyAnswer(octets: Uint8Array): KeyAnswer {
  return reading('message 23', octets, (reader) => {
    expectKind(reader.uint('kind', 1), ACCESS_MESSAGE.answer);
    const frame = reader.octets('frame', RECEIPT_FRAME_SIZE_OCTETS);
    const size = reader.uint('length', 2);
    inRange(size === 0 || size === CARRIED_SIZE_OCTETS, `a carried event has ${CARRIED_SIZE_OCTETS} octets`);
    return { frame, carried: size === 0 ? undefined : reader.octets('carried', size) };
  });
}

function expectKind(kind: number, expected: number): void {
  if (kind !== expected) throw new AccessError('kind', `a message ${expected.toString(16)} was expected here`);
}

function checkGrantSize(sizeOctets: number): void {
  if (sizeOctets !== SEALED_GRANT_SIZE_OCTETS && sizeOctets !== SIGNED_LEVEL_GRANT_SIZE_OCTETS) {
    throw new AccessError('length', `a grant has 133 or 200 octets, not ${sizeOctets}`);
  }
}
