import { fields, type Io, plain, table } from '@cardea/client-cli';
import type { DomainView, KeyView, LockView } from '@cardea/gateway';

/** A domain for people: what it is, its renewals, its locks. */
export function describeDomain(domain: DomainView, colors: Io['colors']): string {
  const { keys, providers, locks } = domain;
  const weak = domain.profile === 'standard';
  const about = fields([
    ['profile', weak ? colors.red('standard (WEAK)') : 'hardened'],
    ['algorithm', `${domain.algorithm}, Diffie-Hellman in ${domain.group}`],
    ['node', `${domain.address}${domain.running ? '' : ' (the gateway does not run)'}`],
    ['created', day(domain.created_at)],
    ['last rotation', day(domain.rotated_at)],
    ['next rotation', domain.next_rotation_at === null ? 'by hand only' : day(domain.next_rotation_at)],
    ['last backup', domain.backed_up_at === null ? colors.yellow('never') : day(domain.backed_up_at)],
    ...keys.map((key): [string, string] => [key.name, renewal(key)]),
    ...providers.map(({ name, index, leaving, locks: at, to_hand_out }): [string, string] => [
      `provider ${plain(name)}`,
      leaving
        ? `is taken back, still at ${at.join(', ')}`
        : `index ${index}, ${at.length} ${at.length === 1 ? 'lock' : 'locks'}${
            to_hand_out.length === 0 ? '' : `; to be handed out again: ${to_hand_out.join(', ')}`
          }`,
    ]),
  ]);
  if (locks.length === 0) return `${about}\nno locks yet\n`;
  const rows = locks.map((lock) => [
    lock.lock,
    lock.standing === 'joined' ? colors.green('joined') : colors.yellow(lock.standing),
    lock.algorithm,
    lock.keys.map(version).join(' '),
    trouble(lock),
  ]);
  return `${about}\n${table(['LOCK', 'STANDING', 'ALGORITHM', 'KEYS', 'TROUBLE'], rows)}`;
}

function renewal({ generation, renewal: under }: KeyView): string {
  if (under === null) return `generation ${generation}`;
  const step = under.committed ? 'comes into force' : 'is taken by the locks';
  const waits = under.waits_for.length === 0 ? '' : `, waits for ${under.waits_for.join(', ')}`;
  return `generation ${generation}; the next one ${step}${waits}`;
}

const version = ({ index, version: current, pending }: LockView['keys'][number]): string =>
  `${index}:${current}${pending === null ? '' : `>${pending}`}`;

const trouble = ({ trouble: had }: LockView): string => (had === null ? '-' : `${had.code}: ${had.remedy}`);

const day = (iso: string): string => iso.slice(0, 16).replace('T', ' ').concat(' UTC');
