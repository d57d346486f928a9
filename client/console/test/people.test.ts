import type { OutboxMessage } from '@cardea/wire-api';
import { describe, expect, test } from 'vitest';
import { makeFirstPassword } from '../src/people/first-password.ts';
import { codeInOutbox, invitationLink } from '../src/people/invitation-link.ts';
import { rolesToGive } from '../src/people/role-choice.ts';

describe('a first password', () => {
  test('is four groups of four letters that are not taken for others', () => {
    const password = makeFirstPassword((octets) => Uint8Array.from({ length: octets }, (_, at) => at * 7));
    expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });

  test('has every letter as often as every other: octets beyond the last whole alphabet are not taken', () => {
    const rounds = [new Uint8Array(16).fill(255), Uint8Array.from({ length: 16 }, (_, at) => at)].values();
    expect(makeFirstPassword(() => rounds.next().value ?? new Uint8Array())).toBe('abcd-efgh-jkmn-pqrs');
  });
});

describe('an invitation', () => {
  const message = (text: string): OutboxMessage => ({
    channel: 'email',
    at: '2026-01-01T00:00:00Z',
    to: 'resident@example.org',
    subject: 'You are invited',
    text,
  });

  test('has its secret in the fragment, which browsers send to nobody', () => {
    const link = new URL(invitationLink('https://ras.example', 'ver_1', 'ABCD-EFGH'));
    expect([link.pathname, link.search, link.hash]).toEqual(['/phone/join', '', '#ver_1.ABCD-EFGH']);
  });

  test('is found among what a demo estate has written down by its reference', () => {
    const messages = [
      message('Hello\n\n  code       WRONG\n  reference  ver_2\n'),
      message('Hello\n\n  code       ABCD-EFGH\n  reference  ver_1\n\nIt counts until noon.'),
    ];
    expect(codeInOutbox(messages, 'ver_1')).toBe('ABCD-EFGH');
    expect(codeInOutbox(messages, 'ver_3')).toBeUndefined();
  });
});

test('nobody is offered a role that he could not give', () => {
  expect(rolesToGive('owner')).toContain('owner');
  expect(rolesToGive('manager')).not.toContain('owner');
  expect(rolesToGive('manager')).toContain('manager');
  expect(rolesToGive('front_desk')).toEqual([]);
});
