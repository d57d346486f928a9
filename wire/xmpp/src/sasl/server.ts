import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, fromBase64, OctetsError, toAscii, toBase64 } from '@cardea/kit-octets';
import type { Secret, Step } from '@cardea/kit-runtime';
import { childElements, type Element, element, text } from '../element.ts';
import { XmppError } from '../errors.ts';
import { SASL } from '../namespaces.ts';
import type { StreamCondition } from '../stanzas.ts';
import { type Channel, type ChannelBindingType, channelBindingFeature } from './channel-binding.ts';
import { offerHash } from './downgrade.ts';
import { externalAccount } from './external.ts';
import { type LegacyMechanism, type Mechanism, mechanismsFeature, offeredMechanisms } from './mechanism.ts';
import { isPasswordOf, readPlain } from './plain.ts';
import { SCRAM_ITERATIONS, type ScramHash, type ScramVerifier, sha256Of } from './scram.ts';
import {
  type ClientFirst,
  decoyVerifier,
  readClientFirst,
  type SaslFailure,
  verifyClientFinal,
  writeServerFirst,
} from './scram-server.ts';

/*
 * The receiving entity's role in SASL (RFC 6120 clause 6):
 *
 *   offering -auth-> looking-up -account-> challenged -response-> signed in        SCRAM
 *                        |-----account---> stretching -stretched-> signed in      PLAIN (legacy)
 *                        |-----account---> signed in                              EXTERNAL
 *      ^------------------- failure, at most twice --------------------|
 */

/** The legacy mechanisms that an operator has turned on. */
export interface LegacySasl {
  /** SHA-1; SCRAM-SHA-1 is offered when it is there. */
  readonly sha1?: ScramHash;
  /** PLAIN is offered. */
  readonly plain?: boolean;
}

export interface SaslServerContext {
  readonly primitives: Pick<Primitives, 'sha256' | 'hmacSha256'>;
  readonly domain: string;
  readonly channel: Channel;
  readonly legacySasl?: LegacySasl | undefined;
  /** Key of the decoys for names without an account, 32 octets, the same for the life of the server. */
  readonly decoyKey: Secret;
}

/** An exchange that waits for its account. */
type Exchange =
  | { readonly kind: 'scram'; readonly mechanism: Mechanism; readonly first: ClientFirst }
  | { readonly kind: 'plain'; readonly username: string; readonly password: Secret<string> }
  | { readonly kind: 'external'; readonly username: string };

interface Common {
  /** Fresh octets that are left: {@link NONCE_OCTETS} for each exchange that is left. */
  readonly entropy: Uint8Array;
  readonly failures: number;
}

export type SaslServerState =
  | (Common & { readonly phase: 'offering' })
  | (Common & { readonly phase: 'looking-up'; readonly exchange: Exchange })
  | (Common & {
      readonly phase: 'challenged';
      readonly mechanism: Mechanism;
      readonly first: ClientFirst;
      readonly message: string;
      readonly verifier: ScramVerifier;
      readonly binding: Uint8Array | undefined;
      readonly known: boolean;
    })
  | (Common & {
      readonly phase: 'stretching';
      readonly username: string;
      readonly verifier: ScramVerifier;
      readonly known: boolean;
    });

export type SaslServerInput =
  | { readonly kind: 'stanza'; readonly stanza: Element }
  /** What `look-up` asked for: the account's verifier, or undefined when there is none, and the channel's octets. */
  | {
      readonly kind: 'verifier';
      readonly verifier: ScramVerifier | undefined;
      readonly binding?: Uint8Array | undefined;
    }
  /** What `stretch` asked for. */
  | { readonly kind: 'stretched'; readonly saltedPassword: Secret };

export type SaslServerEffect =
  | { readonly kind: 'write'; readonly stanza: Element }
  /** Find the account of this name, under this mechanism's hash, and the octets of the channel that the client binds. */
  | {
      readonly kind: 'look-up';
      readonly username: string;
      readonly mechanism: Mechanism;
      readonly binding: ChannelBindingType | undefined;
    }
  /** PBKDF2-HMAC-SHA-256 of a password that came in the clear (PLAIN), 32 octets. */
  | {
      readonly kind: 'stretch';
      readonly password: Secret<string>;
      readonly salt: Uint8Array;
      readonly iterations: number;
    }
  | { readonly kind: 'signed-in'; readonly user: string; readonly mechanism: Mechanism }
  | { readonly kind: 'fail'; readonly condition: StreamCondition; readonly reason: string };

type SaslStep = Step<SaslServerState, SaslServerEffect>;

/** RFC 6120 6.4.5 lets a client try 2 to 5 times again. */
export const SASL_ATTEMPTS = 3;
/** Fresh octets of a server's SCRAM nonce. */
export const NONCE_OCTETS = 16;

/** What of this clause stands in the features before signing in. */
export function saslFeatures(context: Pick<SaslServerContext, 'channel' | 'legacySasl'>): readonly Element[] {
  const { bindings } = context.channel;
  const mechanisms = mechanismsFeature(offered(context));
  return bindings.length === 0 ? [mechanisms] : [mechanisms, channelBindingFeature(bindings)];
}

/** One step of the exchange. */
export function stepSaslServer(context: SaslServerContext, state: SaslServerState, input: SaslServerInput): SaslStep {
  switch (input.kind) {
    case 'stanza':
      return stanzaCame(context, state, input.stanza);
    case 'verifier':
      return state.phase === 'looking-up'
        ? accountCame(context, state, input.verifier, input.binding)
        : { state, effects: [] };
    case 'stretched': {
      if (state.phase !== 'stretching') return { state, effects: [] };
      const right = isPasswordOf(sha256Of(context.primitives), state.verifier, input.saltedPassword.reveal());
      if (!right || !state.known) return fails(state, 'not-authorized');
      return succeeds(state, state.username, 'PLAIN', undefined);
    }
  }
}

function stanzaCame(context: SaslServerContext, state: SaslServerState, stanza: Element): SaslStep {
  switch (state.phase) {
    case 'looking-up':
    case 'stretching':
      return failed(state, 'policy-violation', 'stanza out of turn');
    case 'offering':
      if (stanza.namespace !== SASL) return failed(state, 'not-authorized', 'stanza before signing in');
      if (stanza.name !== 'auth') return fails(state, 'malformed-request');
      return authCame(context, state, stanza);
    case 'challenged':
      if (stanza.namespace !== SASL) return failed(state, 'not-authorized', 'stanza before signing in');
      if (stanza.name === 'abort') return fails(state, 'aborted');
      if (stanza.name !== 'response') return fails(state, 'malformed-request');
      return responseCame(context, state, stanza);
  }
}

function authCame(context: SaslServerContext, state: Common, stanza: Element): SaslStep {
  const mechanism = offered(context).find((name) => name === stanza.attributes.mechanism);
  if (mechanism === undefined) return fails(state, 'invalid-mechanism');
  const exchange = readMessage(stanza, (message) => readExchange(context, mechanism, message));
  if (typeof exchange === 'string') return fails(state, exchange);
  const username = exchange.kind === 'scram' ? exchange.first.username : exchange.username;
  const binding = exchange.kind === 'scram' ? exchange.first.binding : undefined;
  return {
    state: { phase: 'looking-up', ...common(state), exchange },
    effects: [{ kind: 'look-up', username, mechanism, binding }],
  };
}

function readExchange(context: SaslServerContext, mechanism: Mechanism, message: string): Exchange | SaslFailure {
  const { bindings, certificate = '' } = context.channel;
  switch (mechanism) {
    case 'EXTERNAL': {
      const account = externalAccount(certificate, message, context.domain);
      return typeof account === 'string' ? account : { kind: 'external', username: account.username };
    }
    case 'PLAIN': {
      const plain = readPlain(message);
      return typeof plain === 'string' ? plain : { kind: 'plain', ...plain };
    }
    case 'SCRAM-SHA-256-PLUS':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-1': {
      const first = readClientFirst(message, { plus: mechanism === 'SCRAM-SHA-256-PLUS', bindings });
      return typeof first === 'string' ? first : { kind: 'scram', mechanism, first };
    }
  }
}

function accountCame(
  context: SaslServerContext,
  state: Extract<SaslServerState, { phase: 'looking-up' }>,
  account: ScramVerifier | undefined,
  binding: Uint8Array | undefined,
): SaslStep {
  const { exchange } = state;
  const known = account !== undefined;
  switch (exchange.kind) {
    case 'external':
      return known ? succeeds(state, exchange.username, 'EXTERNAL', undefined) : fails(state, 'not-authorized');
    case 'plain': {
      const verifier = account ?? decoy(context, exchange.username);
      const { username, password } = exchange;
      return {
        state: { phase: 'stretching', ...common(state), username, verifier, known },
        effects: [{ kind: 'stretch', password, salt: verifier.salt, iterations: verifier.iterations }],
      };
    }
    case 'scram': {
      const { first, mechanism } = exchange;
      const verifier = account ?? decoy(context, first.username);
      const nonce = state.entropy.slice(0, NONCE_OCTETS);
      if (nonce.length < NONCE_OCTETS) throw new XmppError('element', 'no fresh octets are left');
      const offer = offerHash(hashOf(context, mechanism), offered(context), context.channel.bindings);
      const message = writeServerFirst(first, nonce, verifier, offer);
      const entropy = state.entropy.slice(NONCE_OCTETS);
      const { failures } = state;
      return {
        state: { phase: 'challenged', entropy, failures, mechanism, first, message, verifier, binding, known },
        effects: [{ kind: 'write', stanza: element('challenge', SASL, {}, [toBase64(fromAscii(message))]) }],
      };
    }
  }
}

function responseCame(
  context: SaslServerContext,
  state: Extract<SaslServerState, { phase: 'challenged' }>,
  stanza: Element,
): SaslStep {
  const { mechanism, first, verifier, binding } = state;
  const outcome = readMessage(stanza, (message) => {
    const hash = hashOf(context, mechanism);
    const signature = verifyClientFinal(hash, first, state.message, verifier, binding, message);
    return signature === undefined || !state.known ? 'not-authorized' : { signature };
  });
  if (typeof outcome === 'string') return fails(state, outcome);
  return succeeds(state, first.username, mechanism, outcome.signature);
}

/** Decodes the base64 of a SASL element and hands its message on; a malformed one is the failure that fits. */
function readMessage<T extends object>(stanza: Element, read: (message: string) => T | SaslFailure): T | SaslFailure {
  let message: string;
  try {
    if (childElements(stanza).length > 0) return 'malformed-request';
    const encoded = text(stanza);
    // RFC 6120 6.4.2: `=` is an initial response without octets.
    message = encoded === '=' ? '' : toAscii(fromBase64(encoded));
  } catch (error) {
    if (error instanceof OctetsError) return 'incorrect-encoding';
    throw error;
  }
  try {
    return read(message);
  } catch (error) {
    if (error instanceof XmppError) return 'malformed-request';
    throw error;
  }
}

function offered(context: Pick<SaslServerContext, 'channel' | 'legacySasl'>): readonly Mechanism[] {
  const { sha1, plain = false } = context.legacySasl ?? {};
  const legacy: LegacyMechanism[] = [];
  if (sha1 !== undefined) legacy.push('SCRAM-SHA-1');
  if (plain) legacy.push('PLAIN');
  return offeredMechanisms(context.channel, legacy);
}

function hashOf(context: SaslServerContext, mechanism: Mechanism): ScramHash {
  const sha1 = context.legacySasl?.sha1;
  return mechanism === 'SCRAM-SHA-1' && sha1 !== undefined ? sha1 : sha256Of(context.primitives);
}

function decoy(context: SaslServerContext, username: string): ScramVerifier {
  return decoyVerifier(context.primitives, context.decoyKey.reveal(), username, SCRAM_ITERATIONS.min);
}

function succeeds(state: Common, user: string, mechanism: Mechanism, message: string | undefined): SaslStep {
  const additional = message === undefined ? [] : [toBase64(fromAscii(message))];
  return {
    state: { phase: 'offering', ...common(state) },
    effects: [
      { kind: 'write', stanza: element('success', SASL, {}, additional) },
      { kind: 'signed-in', user, mechanism },
    ],
  };
}

function fails(state: Common, failure: SaslFailure): SaslStep {
  const failures = state.failures + 1;
  const said = { kind: 'write', stanza: saslFailure(failure) } as const;
  const next = { phase: 'offering', entropy: state.entropy, failures } as const;
  if (failures < SASL_ATTEMPTS) return { state: next, effects: [said] };
  const end = { kind: 'fail', condition: 'policy-violation', reason: 'too many failed sign-ins' } as const;
  return { state: next, effects: [said, end] };
}

/** RFC 6120 6.5. */
export function saslFailure(failure: SaslFailure): Element {
  return element('failure', SASL, {}, [element(failure, SASL)]);
}

function failed(state: SaslServerState, condition: StreamCondition, reason: string): SaslStep {
  return { state, effects: [{ kind: 'fail', condition, reason }] };
}

function common({ entropy, failures }: Common): Common {
  return { entropy, failures };
}
