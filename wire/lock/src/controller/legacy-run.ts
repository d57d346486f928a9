import { equalSecret } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import type { BindingRecord } from '@cardea/wire-profile';
import { lockIdOf, stageBKey } from '../key-agreement.ts';
import { legacyKeys, openLegacyM2, sealLegacyM1 } from '../legacy.ts';
import { establish, sendRun } from './run.ts';
import type { Turn } from './turn.ts';

/**
 * The two stages of the legacy profile: no binder, no ECDH, no confirmation.
 *
 *     making --random--> M1, legacy-offered --M2 with our RS--> session (session run)
 *                                            `--bind run--> storing --stored--> session under the pending key
 */

/** The randomness of this run, RS(16) seed(16) IV(16): stage A leaves. */
export function receiveLegacyRandom(turn: Turn, id: number, random: Uint8Array): void {
  const { run, jobs, identity } = turn.state;
  const [job] = jobs;
  if (run?.stage.kind !== 'making' || run.stage.id !== id || job === undefined) return;
  const { run: kind, slot, keyVersion, resetCount, psk } = run.candidate;
  const head = {
    suite: 'legacy',
    run: kind,
    pskKind: slot === 'factory' ? 'factory' : 'binding',
    keyVersion,
    resetCount,
    lockId: lockIdOf(identity.identifier),
  } as const;
  const rs = random.slice(0, 16);
  const seed = random.slice(16, 32);
  const octets = sealLegacyM1(turn.context.primitives, psk.reveal(), head, rs, seed, random.slice(32, 48));
  turn.update({
    run: {
      ...run,
      stage: { kind: 'legacy-offered', m1Octets: octets, rs: new Secret(rs), seed: new Secret(seed) },
    },
  });
  sendRun(turn, job, octets);
}

/** Stage B: whoever can put our RS into it held the key. That is all that this profile asks. @throws LockError */
export function receiveLegacyM2(turn: Turn, octets: Uint8Array): void {
  const { run, record, identity } = turn.state;
  if (run?.stage.kind !== 'legacy-offered') return;
  const { rs, seed } = run.stage;
  const { candidate } = run;
  const { primitives } = turn.context;
  const psk = candidate.psk.reveal();
  const opened = openLegacyM2(primitives, stageBKey(primitives, psk, seed.reveal()), octets);
  if (!equalSecret(opened.rs, rs.reveal())) {
    // The genuine M2 may still come.
    turn.alarm('forged_message', 'an answer to a key agreement does not verify');
    return;
  }
  const agreed = legacyKeys(primitives, psk, rs.reveal(), opened.rl, identity.identifier);
  const keys = { kind: 'legacy', block: primitives.aes(agreed.session) } as const;
  if (candidate.run === 'session') {
    establish(turn, run, keys, undefined);
    return;
  }
  const stored: BindingRecord = {
    keyVersion: candidate.keyVersion,
    resetCount: candidate.resetCount,
    active: record?.active,
    pending: new Secret(agreed.bind),
  };
  const write = turn.id();
  turn.update({
    record: stored,
    run: { ...run, stage: { kind: 'storing', id: write, keys, confirmS: undefined } },
  });
  turn.emit({ kind: 'store', id: write, record: stored });
}
