import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, fromBase64, OctetsError, toAscii, toBase64 } from '@cardea/kit-octets';
import type { Secret, Step } from '@cardea/kit-runtime';
import { child, type Element, element, is, text } from '../element.ts';
import { XmppError } from '../errors.ts';
import { bareJid, type Jid } from '../jid.ts';
import { SASL } from '../namespaces.ts';
import {
  type BindingFlag,
  type Channel,
  type ChannelBindingType,
  readChannelBindingFeature,
} from './channel-binding.ts';
import { offerHash } from './downgrade.ts';
import { type Mechanism, readMechanisms } from './mechanism.ts';
import { sha256Of } from './scram.ts';
import {
  finishScram,
  readServerFirst,
  type ScramStart,
  type ServerFirst,
  startScram,
  verifyServerFinal,
} from './scram-client.ts';

/*
 * The initiating entity's role in SASL (RFC 6120 clause 6):
 *
 *   greeted -challenge-> deriving -derived-> proving -success-> signed in
 *   external -success-> signed in;  external -failure-> greeted (by SCRAM)
 *
 * It takes EXTERNAL when it has a certificate, else SCRAM-SHA-256-PLUS whenever both ends can, else SCRAM-SHA-256, and
 * nothing less, whatever is offered (attack 32).
 */

export interface SaslClientContext {
  readonly primitives: Pick<Primitives, 'sha256' | 'hmacSha256'>;
  readonly jid: Jid;
  readonly channel: Channel;
  /** The server is known to bind channels: an offer without it is a forged one. */
  readonly requireBinding: boolean;
}

/** What was offered, as it was read. */
interface Offer {
  readonly mechanisms: readonly string[];
  readonly bindings: readonly string[] | undefined;
}

interface Common {
  /** Fresh octets for the one SCRAM exchange. */
  readonly nonce: Uint8Array;
  readonly offer: Offer;
}

interface Scram extends Common {
  readonly mechanism: Mechanism;
  readonly binding: ChannelBindingType | undefined;
  readonly scram: ScramStart;
}

export type SaslClientState =
  | (Common & { readonly phase: 'external' })
  | (Scram & { readonly phase: 'greeted' })
  | (Scram & { readonly phase: 'deriving'; readonly first: ServerFirst })
  | (Scram & { readonly phase: 'proving'; readonly serverSignature: Uint8Array });

export type SaslClientInput =
  | { readonly kind: 'stanza'; readonly stanza: Element }
  /** What `derive` asked for. */
  | { readonly kind: 'derived'; readonly saltedPassword: Secret; readonly binding?: Uint8Array | undefined };

export type SaslClientEffect =
  | { readonly kind: 'write'; readonly stanza: Element }
  /** PBKDF2-HMAC-SHA-256 of the password, 32 octets, slow by design; and the octets of the channel that is bound. */
  | {
      readonly kind: 'derive';
      readonly salt: Uint8Array;
      readonly iterations: number;
      readonly binding: ChannelBindingType | undefined;
    }
  | { readonly kind: 'signed-in'; readonly mechanism: Mechanism }
  /** Leave the server. `credentials`: trying again with the same ones is of no use. */
  | { readonly kind: 'leave'; readonly reason: string; readonly credentials: boolean };

type SaslStep = Step<SaslClientState | undefined, SaslClientEffect>;

/** Chooses among what the features offer; `nonce` has 16 or more fresh octets. Without a state there is no way in. */
export function startSaslClient(context: SaslClientContext, features: Element, nonce: Uint8Array): SaslStep {
  const mechanisms = readMechanisms(child(features, 'mechanisms', SASL));
  const offer: Offer = { mechanisms, bindings: readChannelBindingFeature(features) };
  if (context.channel.certificate !== undefined && mechanisms.includes('EXTERNAL')) {
    const authzid = toBase64(fromAscii(bareJid(context.jid)));
    return {
      state: { phase: 'external', nonce, offer },
      effects: [{ kind: 'write', stanza: element('auth', SASL, { mechanism: 'EXTERNAL' }, [authzid]) }],
    };
  }
  return startWithScram(context, offer, nonce);
}

/** One step of the exchange. */
export function stepSaslClient(context: SaslClientContext, state: SaslClientState, input: SaslClientInput): SaslStep {
  if (input.kind === 'derived') {
    return state.phase === 'deriving' ? derived(context, state, input) : { state, effects: [] };
  }
  const { stanza } = input;
  switch (state.phase) {
    case 'external':
      if (is(stanza, 'success', SASL)) return { state, effects: [{ kind: 'signed-in', mechanism: 'EXTERNAL' }] };
      // The certificate may have ended while the account is there.
      if (is(stanza, 'failure', SASL)) return startWithScram(context, state.offer, state.nonce);
      return leave('no outcome of EXTERNAL');
    case 'greeted':
      if (is(stanza, 'failure', SASL)) return refused(stanza);
      if (!is(stanza, 'challenge', SASL)) return leave('no challenge');
      return challenged(context, state, stanza);
    case 'deriving':
      return leave('stanza out of turn');
    case 'proving':
      if (is(stanza, 'failure', SASL)) return refused(stanza);
      if (!is(stanza, 'success', SASL)) return leave('no outcome');
      return proved(context, state, stanza);
  }
}

function startWithScram(context: SaslClientContext, offer: Offer, nonce: Uint8Array): SaslStep {
  const { mechanisms } = offer;
  const ours = context.channel.bindings;
  const binding = mechanisms.includes('SCRAM-SHA-256-PLUS')
    ? ours.find((type) => offer.bindings === undefined || offer.bindings.includes(type))
    : undefined;
  if (binding === undefined && context.requireBinding)
    return leave('channel binding was offered before, and is not now');
  const mechanism = binding === undefined ? 'SCRAM-SHA-256' : 'SCRAM-SHA-256-PLUS';
  if (!mechanisms.includes(mechanism)) return leave('SCRAM-SHA-256 is not offered');
  const plusOffered = mechanisms.includes('SCRAM-SHA-256-PLUS');
  const flag: BindingFlag =
    binding !== undefined ? { kind: 'p', type: binding } : { kind: ours.length > 0 && !plusOffered ? 'y' : 'n' };
  const scram = startScram(context.jid.local, nonce, flag);
  return {
    state: { phase: 'greeted', nonce, offer, mechanism, binding, scram },
    effects: [{ kind: 'write', stanza: element('auth', SASL, { mechanism }, [toBase64(fromAscii(scram.message))]) }],
  };
}

function challenged(
  context: SaslClientContext,
  state: Extract<SaslClientState, { phase: 'greeted' }>,
  stanza: Element,
): SaslStep {
  const first = readMessage(stanza, (message) => readServerFirst(state.scram, message));
  const { mechanisms, bindings = [] } = state.offer;
  const seen = offerHash(sha256Of(context.primitives), mechanisms, bindings);
  // XEP-0474: the server signs what it offered. What we saw must be the same.
  const stripped = first?.offer !== undefined && first.offer !== seen;
  if (first === undefined || stripped) {
    const abort = { kind: 'write', stanza: element('abort', SASL) } as const;
    const { effects } = leave(stripped ? 'the offer was changed on its way' : 'challenge refused');
    return { state: undefined, effects: [abort, ...effects] };
  }
  const { binding } = state;
  return {
    state: { ...state, phase: 'deriving', first },
    effects: [{ kind: 'derive', salt: first.salt, iterations: first.iterations, binding }],
  };
}

function derived(
  context: SaslClientContext,
  state: Extract<SaslClientState, { phase: 'deriving' }>,
  input: Extract<SaslClientInput, { kind: 'derived' }>,
): SaslStep {
  if ((state.binding === undefined) !== (input.binding === undefined)) return leave('the channel cannot be bound');
  const { nonce, offer, mechanism, binding, scram, first } = state;
  const hash = sha256Of(context.primitives);
  const { message, serverSignature } = finishScram(hash, scram, first, input.saltedPassword.reveal(), input.binding);
  return {
    state: { phase: 'proving', nonce, offer, mechanism, binding, scram, serverSignature },
    effects: [{ kind: 'write', stanza: element('response', SASL, {}, [toBase64(fromAscii(message))]) }],
  };
}

function proved(
  context: SaslClientContext,
  state: Extract<SaslClientState, { phase: 'proving' }>,
  stanza: Element,
): SaslStep {
  const { mechanism, serverSignature } = state;
  const hash = sha256Of(context.primitives);
  // A server that cannot prove that it knows the verifier is not the one that we enrolled with.
  if (readMessage(stanza, (message) => verifyServerFinal(hash, serverSignature, message)) !== true) {
    return leave('the server did not prove itself');
  }
  return { state, effects: [{ kind: 'signed-in', mechanism }] };
}

function refused(stanza: Element): SaslStep {
  const denied = child(stanza, 'not-authorized', SASL) !== undefined;
  return leave(denied ? 'sign-in refused: not-authorized' : 'sign-in refused', denied);
}

function leave(reason: string, credentials = false): SaslStep {
  return { state: undefined, effects: [{ kind: 'leave', reason, credentials }] };
}

/** What `read` makes of a SASL element's message, or undefined when it is malformed. */
function readMessage<T>(stanza: Element, read: (message: string) => T): T | undefined {
  try {
    return read(toAscii(fromBase64(text(stanza))));
  } catch (error) {
    if (error instanceof OctetsError || error instanceof XmppError) return undefined;
    throw error;
  }
}
