import type { DhPair, Primitives } from '@cardea/kit-crypto';
import { equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { assemble, type DhAssembly, type DhRun, fragmentsOf } from '../dh/fragments.ts';
import { dhSecretKey } from '../dh/secret-key.ts';
import { ask } from '../node/ask.ts';
import { type HeldKey, lineName } from '../node/keys.ts';
import type { DomainSettings, Purpose } from '../node/state.ts';
import type { Turn } from '../node/turn.ts';
import { type DhValue, encodePadata } from '../padata/padata.ts';

/** A Diffie-Hellman run lasts so long at most, and its shared secret no longer (9.3.2, DH_EXCHANGED). */
export const EXCHANGE_MAX_MS = 60_000;

/** One Diffie-Hellman run between the KSN and a device, as either of them sees it (9.3.1 a) to i)). */
export interface Exchange {
  /** The other one. */
  readonly peer: Uint8Array;
  readonly run: DhRun;
  /** The pre-master key: it authenticates the run and salts its secret. */
  readonly preMaster: HeldKey;
  /** This node's own pair, once it is made. */
  readonly own: DhPair | undefined;
  /** The peer's public value as far as it has come, then whole. */
  readonly assembly: DhAssembly | undefined;
  readonly theirs: Uint8Array | undefined;
  /** The effect whose answer is awaited: a pair, or the shared value. */
  readonly awaited: number | undefined;
  /** The secret of the run as a key, once it is agreed: b4 of the SHD. */
  readonly shared: HeldKey | undefined;
  /** Monotonic. */
  readonly endsAtMs: number;
}

/** A run that begins now. */
export function newExchange(turn: Turn, peer: Uint8Array, preMaster: HeldKey, run: DhRun): Exchange {
  return {
    peer,
    run,
    preMaster,
    own: undefined,
    assembly: undefined,
    theirs: undefined,
    awaited: undefined,
    shared: undefined,
    endsAtMs: turn.nowMs + EXCHANGE_MAX_MS,
  };
}

/** Takes a part of the peer's public value. `undefined` when it is not the next one of this run. */
export function takePart(exchange: Exchange, value: DhValue): Exchange | undefined {
  const { run, assembly, theirs } = exchange;
  const { exchangeId, group, keyIndex, version } = value;
  const belongs =
    exchangeId === run.exchangeId && group === run.group.id && keyIndex === run.keyIndex && version === run.version;
  if (!belongs || theirs !== undefined) return undefined;
  const taken = assemble(assembly, run.group, value);
  switch (taken.kind) {
    case 'more':
      return { ...exchange, assembly: taken.assembly };
    case 'whole':
      return { ...exchange, assembly: undefined, theirs: taken.value };
    case 'misfit':
      return undefined;
  }
}

/** Sends the own public value, authenticated by the pre-master key (9.3.1 a), e)). */
export function askValue(turn: Turn, { peer, run, preMaster, endsAtMs }: Exchange, value: Uint8Array): void {
  const parts = fragmentsOf(run, value);
  for (const part of parts) {
    const purpose: Purpose = { kind: 'public-value', exchangeId: run.exchangeId };
    const padata = encodePadata(part);
    ask(turn, peer, { purpose, line: lineName(preMaster), services: 'auth', padata, expiresAtMs: endsAtMs });
  }
}

/** Who is who in a run, for its secret. */
export interface ExchangeEnds {
  readonly settings: DomainSettings;
  readonly ksn: Uint8Array;
  readonly device: Uint8Array;
  readonly ksnValue: Uint8Array;
  readonly deviceValue: Uint8Array;
}

/** The secret of a run as a key (9.3.1 i)). `secret`: Z. @throws ScpmError `length` */
export function sharedKey(
  primitives: Primitives,
  { run, preMaster }: Exchange,
  secret: Uint8Array,
  { settings, ...ends }: ExchangeEnds,
): HeldKey {
  const outcome = { ...run, ...ends, secret, preMasterKey: preMaster.key.reveal() };
  const key = new Secret(dhSecretKey(primitives, settings.profile, outcome));
  const { keyIndex, algorithm } = preMaster;
  return { keyIndex, version: run.version, algorithm, key, state: 'shared', use: 'authenticated', isOfThisRun: true };
}

/** Whether a run is with this peer. */
export function isWith(exchange: Exchange | undefined, peer: Uint8Array): exchange is Exchange {
  return exchange !== undefined && equal(exchange.peer, peer);
}
