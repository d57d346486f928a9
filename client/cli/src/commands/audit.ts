import type { Command } from 'commander';
import { exportLog } from '../audit/export.ts';
import { prove } from '../audit/prove.ts';
import { verifyFile, verifyOnline, verifyQuickly, verifyWitnessed } from '../audit/verify.ts';
import { showHeads } from '../audit/witness.ts';
import type { Register } from '../context.ts';
import { example } from '../help.ts';

/** `cardea audit verify|prove|export|witness`. */
export function auditCommands(program: Command, register: Register): void {
  const audit = program.command('audit').description('the audit log: what shows that the record was not changed');
  register<[string | undefined, { quick?: boolean; key?: string }]>(
    example(
      audit
        .command('verify')
        .argument('[file]', 'an export, a proof or a witness’s file of heads; without one the log of the server')
        .option('--quick', 'of the server: only that the newest head is signed and goes on from the last one seen here')
        .option('--key <base64>', "of a file: the log's public key, where it is known from elsewhere")
        .description('verify every leaf, every signed head, and every head that this profile has seen before'),
      'audit verify',
      'audit verify log.ndjson',
      'audit verify proof.json --json',
    ),
    async (context, file, { quick, key }) => {
      if (file !== undefined) return verifyFile(context, file, key);
      return quick === true ? verifyQuickly(context) : verifyOnline(context);
    },
  );
  register<[string, { out?: string }]>(
    example(
      audit
        .command('prove')
        .argument('<event>', 'id of the event')
        .option('--out <file>', 'where to write the proof')
        .description('prove that an event is in the log: a file that `audit verify` checks without the server'),
      'audit prove evt_0198c0de-0000-7000-8000-000000000000 --out proof.json',
    ),
    prove,
  );
  register<[string]>(
    example(
      audit
        .command('export')
        .argument('<file>', 'where to write it; it must not be there yet')
        .description('write the whole log into a file, verified on the way'),
      'audit export log.ndjson',
    ),
    exportLog,
  );
  register<[string | undefined, { out?: string }]>(
    example(
      audit
        .command('witness')
        .argument('[file]', 'a file of heads that a witness holds: verify that the log has them all as its past')
        .option('--out <folder>', 'write each time-stamped head and its stamp there, for `openssl ts -verify`')
        .description('show the signed heads and where they were witnessed'),
      'audit witness',
      'audit witness /mnt/outside/heads.ndjson',
    ),
    async (context, file, { out }) => (file === undefined ? showHeads(context, out) : verifyWitnessed(context, file)),
  );
}
