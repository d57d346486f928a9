import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem } from '@cardea/client-sdk';
import type { Attempt, Lock } from '@cardea/wire-api';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registrar } from '../src/context.ts';
import { processIo } from '../src/io.ts';
import { createProgram } from '../src/run.ts';
import { attempt, cardea, DOOR, listed, lock } from './fake-client.ts';

let folder = '';
let profile = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-cli-'));
  profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_test' }), { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true }));

const unlocking = (ends: Partial<Attempt>) => ({
  doors: { list: () => listed(DOOR), start: async () => attempt(ends) },
});

describe('exit codes say how an attempt ended', () => {
  const cases: [Partial<Attempt>, number][] = [
    [{}, 0],
    [{ state: 'failed', reason: 'jammed', receipt: null }, 4],
    [{ state: 'failed', reason: 'clock_drift', clock_offset_s: -125, receipt: null }, 4],
    [{ state: 'expired', reason: 'outcome_unknown', receipt: null }, 5],
    [{ state: 'expired', reason: 'not_sent', receipt: null }, 5],
  ];
  it.each(cases)('%j', async (ends, code) => {
    const ran = await cardea(['unlock', '101', '--json'], unlocking(ends), { profile });
    expect(ran.code).toBe(code);
    expect(JSON.parse(ran.out)).toEqual(attempt(ends));
    expect(ran.err).toBe('');
  });
});

describe('what a person reads', () => {
  const said = async (ends: Partial<Attempt>) => (await cardea(['unlock', '101'], unlocking(ends), { profile })).out;
  it('a success in the words of the receipt', async () => {
    expect(await said({})).toBe(
      '✓ 101: the bolt is unlocked\n' +
        '  the lock says: bolt unlocked, door closed, battery 87 %, its clock is off by 0.4 s (receipt after event 7)\n',
    );
  });
  it('a clock that is behind is set by the server, and nothing is retried', async () => {
    expect(await said({ state: 'failed', reason: 'clock_drift', clock_offset_s: -125, receipt: null })).toMatch(
      /the lock's clock is off\n.*125 s behind; the server sets it now.*nothing is retried/,
    );
  });
  it('a clock over 60 s ahead waits for the word of an operator', async () => {
    expect(await said({ state: 'failed', reason: 'clock_drift', clock_offset_s: 125, receipt: null })).toMatch(
      /125 s ahead; .*cardea lock set-time 101 --step-back/,
    );
  });
  it('an unknown outcome is called unknown', async () => {
    const text = await said({ state: 'expired', reason: 'outcome_unknown', receipt: null });
    expect(text).toMatch(/expired: outcome unknown.*may or may not have acted/);
    expect(text).not.toMatch(/succe|✓/);
  });
  it('what others named cannot move the cursor', async () => {
    const evil = { ...DOOR, name: '\u001b[2J101\u202e' };
    const ran = await cardea(['door', 'show', '101'], { doors: { list: () => listed(evil) } }, { profile });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(ran.out).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('status tells what the record makes of the lock', () => {
  const asking = (change: Partial<Lock>) => ({
    doors: { list: () => listed(DOOR), start: async () => attempt({ operation: 'status' }) },
    locks: { get: async () => lock(change) },
  });
  const said = async (change: Partial<Lock>) => (await cardea(['status', '101'], asking(change), { profile })).out;
  it('its clock with the error, and when it was proved', async () => {
    expect(await said({})).toMatch(/\n {2}clock {3}valid, 1.4 s behind \(± 0.7 s\)\n {2}proved {2}\S.* ago\n$/);
  });
  it('since when it is stale, and why', async () => {
    expect(await said({ stale: true, stale_reason: 'gateway_offline' })).toMatch(
      /stale since then \(2026-03-01T12:00:00.000Z\): no gateway that reaches it is online\n$/,
    );
    expect(await said({ report: null, stale: true, stale_reason: 'never_proved' })).toMatch(
      /\n {2}proved {2}never; stale: it has never proved its state\n$/,
    );
  });
  it('a program gets the attempt alone', async () => {
    const ran = await cardea(['status', '101', '--json'], asking({}), { profile });
    expect(JSON.parse(ran.out)).toEqual(attempt({ operation: 'status' }));
  });
});

describe('a lock that does not answer is withdrawn by --force', () => {
  const removing = () => {
    const asked: unknown[] = [];
    const over = attempt({ operation: 'unbind', state: 'expired', reason: 'not_sent', receipt: null });
    const client = {
      locks: {
        list: () => listed(lock()),
        remove: async (...given: unknown[]) => {
          asked.push(given);
          return over;
        },
      },
    };
    return { asked, client };
  };
  const line = ['lock', 'remove', 'C0FFEE000001', '--force'];
  it('with --yes at once, and says that the lock keeps its key', async () => {
    const { asked, client } = removing();
    const ran = await cardea([...line, '--yes'], client, { profile });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/is withdrawn; the lock itself still holds its key/);
    expect(asked).toEqual([[lock().id, { force: true }]]);
  });
  it('otherwise only after its identifier has been typed', async () => {
    for (const [more, code] of [
      [{ typed: true, lines: ['c0:ff:ee:00:00:01'] }, 0],
      [{ typed: true, lines: ['yes'] }, 2],
      [{ typed: true, lines: [] }, 2],
      [{ lines: ['C0FFEE000001'] }, 2],
    ] as const) {
      const { asked, client } = removing();
      const ran = await cardea(line, client, { profile, ...more });
      expect(ran.code).toBe(code);
      expect(asked).toHaveLength(code === 0 ? 1 : 0);
    }
  });
});

it('succeeded without a receipt is not believed', async () => {
  const ran = await cardea(['unlock', '101', '--json'], unlocking({ receipt: null }), { profile });
  expect(ran.code).toBe(1);
  expect(ran.out).toBe('');
  expect(JSON.parse(ran.err).error.message).toMatch(/without a receipt/);
});

it('an attempt is followed to its end', async () => {
  const states: Attempt[] = [
    attempt({ state: 'pending', receipt: null, queue_position: 2 }),
    attempt({ state: 'sent', receipt: null, queue_position: 0 }),
    attempt(),
  ];
  const ran = await cardea(
    ['status', '101', '--json', '--ttl', '7'],
    {
      doors: {
        list: () => listed(DOOR),
        start: async (id, operation, options) => {
          expect([id, operation, options?.timeToLiveS]).toEqual([DOOR.id, 'status', 7]);
          return attempt({ state: 'pending', receipt: null });
        },
      },
      attempts: { get: async () => states.shift() ?? attempt() },
    },
    { profile },
  );
  expect(ran.code).toBe(0);
  expect(states).toEqual([]);
});

describe('bad input names what is wrong and the remedy, in one line, with exit code 2', () => {
  const cases: [string[], RegExp][] = [
    [['unlok', '101'], /unknown command 'unlok' \(Did you mean unlock\?\)/],
    [['unlock'], /missing required argument 'door'/],
    [['unlock', '101', '--loud'], /unknown option '--loud'/],
    [['unlock', '101', '--ttl', '0'], /--ttl is "0"; it must be a whole number of seconds from 1 to 60/],
    [['lock'], /neither a door nor a command is named/],
    [['lock', 'enrol', '101', '--lock', 'C0FFEE'], /--lock is "C0FFEE"; it must be 12 hex digits/],
    [['decode', 'nothing', '00'], /PROTOCOL is "nothing"; it must be one of lock, /],
    [['decode', 'lock', '0x01'], /HEX: .*not a hex digit/],
    [['sim', 'jam', '101', 'maybe'], /VALUE is "maybe"; jam takes on or off/],
    [['person', 'add', 'a@b', '--name', 'A', '--role', 'king'], /--role is "king"; it must be one of owner/],
    [['completion', 'tcsh'], /SHELL is "tcsh"; it must be one of bash, zsh, fish/],
    [['events', '--limit', 'x'], /--limit is "x"; it must be a whole number from 1/],
    [['login', 'http://plain', '--email', 'a@b'], /URL is "http:\/\/plain"; it must be an https/],
  ];
  const client = { doors: { list: () => listed(DOOR) } };
  it.each(cases)('%j', async (args, expected) => {
    const ran = await cardea(args, client, { profile });
    expect(ran.err).toMatch(expected);
    expect(ran.err.trim().split('\n')).toHaveLength(1);
    expect([ran.code, ran.out]).toEqual([2, '']);
    const json = await cardea([...args, '--json'], client, { profile });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.err).error).toMatchObject({ code: 'usage' });
  });
});

describe('refusals and faults of the server', () => {
  const failing = (problem: ApiProblem) => ({
    doors: {
      list: () => listed(DOOR),
      start: async () => {
        throw problem;
      },
    },
  });
  const cases: [ApiProblem, number][] = [
    [new ApiProblem('not_permitted', 'The token lacks locks:operate.', { status: 403 }), 3],
    [new ApiProblem('conflict', 'The door has no lock.', { status: 409 }), 3],
    [new ApiProblem('not_signed_in', 'The token has expired.', { status: 401 }), 3],
    [new ApiProblem('invalid', 'Too long.', { status: 400, field: 'body.time_to_live_s' }), 2],
    [new ApiProblem('unreachable', 'No answer from https://localhost:8443: ECONNREFUSED'), 4],
    [new ApiProblem('internal', 'The server made a mistake', { status: 500 }), 4],
  ];
  it.each(cases)('%s', async (problem, code) => {
    const ran = await cardea(['unlock', '101'], failing(problem), { profile });
    expect(ran.code).toBe(code);
    expect(ran.err).toContain(problem.message.replace(/\.$/, ''));
    if (problem.field !== undefined) expect(ran.err).toContain(problem.field);
    expect(ran.err).not.toMatch(/ at .*\.ts/);
  });
  it('a pattern is left out where the message says in words what it means', async () => {
    const message = 'until must match pattern "^\\d{4}(Z|[+-]\\d\\d:\\d\\d)?$". A day, such as `2026-03-29`';
    const ran = await cardea(['unlock', '101'], failing(new ApiProblem('invalid', message, { status: 400 })), {
      profile,
    });
    expect(ran.err).toBe('cardea: until is not as it has to be: A day, such as `2026-03-29`\n');
  });
  it('doors are listed without their locks for whoever may not read those', async () => {
    const locks = () => {
      throw new ApiProblem('not_permitted', 'The token needs the scope locks:read.', { status: 403 });
    };
    const ran = await cardea(
      ['door', 'list'],
      { doors: { list: () => listed(DOOR) }, locks: { list: locks } },
      { profile },
    );
    expect([ran.code, ran.out]).toEqual([0, expect.stringMatching(/^101 +unknown +unknown +door_/m)]);
  });
  it('a door that is not there', async () => {
    const ran = await cardea(['unlock', '999'], { doors: { list: () => listed() } }, { profile });
    expect([ran.code, ran.err]).toEqual([3, 'cardea: DOOR: there is no door "999"; see `cardea door list`\n']);
  });
  it('a name that two doors have asks for the id', async () => {
    const twice = { doors: { list: () => listed(DOOR, { ...DOOR, id: 'door_2' }) } };
    const ran = await cardea(['unlock', '101'], twice, { profile });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(`give the id: ${DOOR.id}, door_2`);
  });
  it('a fault of the program is one line, without a stack', async () => {
    const broken = {
      doors: {
        list: () => {
          throw new TypeError('boom');
        },
      },
    };
    const ran = await cardea(['unlock', '101'], broken, { profile });
    expect([ran.code, ran.err.split('\n').length]).toEqual([1, 2]);
  });
});

describe('the profile', () => {
  it('that others may read is refused', async () => {
    const open = join(folder, 'open.json');
    writeFileSync(open, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_open' }));
    chmodSync(open, 0o644);
    const ran = await cardea(['door', 'list'], {}, { profile: open });
    expect(ran.code).toBe(3);
    expect(ran.err).toMatch(/others may read .*chmod 600/);
    expect(ran.err).not.toContain('ct_open');
  });
  it.each([
    ['{"token": "ct_x"}', 'url'],
    ['{"url": "http://localhost", "token": "ct_x"}', 'url'],
    ['{"url": "https://localhost"}', 'token'],
    ['{"url": "https://localhost", "token": "ct_x", "ca_file": 7}', 'ca_file'],
    ['nonsense', 'not JSON'],
  ])('%s names what is wrong', async (content, expected) => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, content, { mode: 0o600 });
    const ran = await cardea(['door', 'list'], {}, { profile: bad });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(expected);
  });
});

describe('login', () => {
  const session = (mustChange: boolean) => ({
    token: 'cs_session',
    expires_at: '2026-03-02T00:00:00.000Z',
    person: {
      id: 'per_1',
      name: 'Operator',
      email: 'operator@localhost',
      role: 'owner' as const,
      must_change_password: mustChange,
      created_at: '2026-03-01T00:00:00.000Z',
    },
  });
  const me = {
    organization_id: 'org_1',
    organization_name: 'Hotel',
    person_id: 'per_1',
    name: 'Operator',
    email: 'operator@localhost',
    demo: false,
    token_id: 'tok_1',
    role: 'owner' as const,
    scopes: ['locks:operate' as const, 'tokens:write' as const],
    must_change_password: false,
  };
  const created = {
    token: {
      id: 'tok_2',
      kind: 'api' as const,
      name: 'x',
      scopes: me.scopes,
      created_at: '2026-03-01T00:00:00.000Z',
      expires_at: '2026-03-31T00:00:00.000Z',
    },
    secret: 'ct_fresh',
  };

  it('changes a password that has to be changed, and keeps a token in a file of mode 0600', async () => {
    const path = join(folder, 'new', 'cli.json');
    const changed: string[] = [];
    const client = {
      signIn: async (_: string, password: string) => {
        changed.push(password);
        return session(true);
      },
      changePassword: async (current: string, next: string) => void changed.push(current, next),
      me: async () => me,
      signOut: async () => {},
      tokens: { create: async () => created },
    };
    const ran = await cardea(['login', 'https://localhost:8443', '--email', 'operator@localhost'], client, {
      profile: path,
      lines: ['generated-password', 'a password of my own'],
    });
    expect(ran.err).toContain('has to be changed');
    expect(ran.code).toBe(0);
    expect(changed).toEqual(['generated-password', 'generated-password', 'a password of my own']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ url: 'https://localhost:8443', token: 'ct_fresh' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(ran.out + ran.err).not.toMatch(/ct_fresh|generated-password|my own/);
  });
  it('asks for the second step where the password is not enough; a guest keeps the session itself', async () => {
    const path = join(folder, 'guest', 'cli.json');
    const answered: unknown[] = [];
    const client = (scopes: readonly 'access:use'[]) => ({
      signIn: async () => {
        const secondFactor = { step: 'cp_step', expires_at: '', methods: ['totp' as const], passkey: null };
        throw new ApiProblem('second_factor_required', 'answer the second step', { status: 401, secondFactor });
      },
      registration: {
        secondStep: async (answer: unknown) => {
          answered.push(answer);
          return session(false);
        },
      },
      me: async () => ({ ...me, scopes, role: 'guest' as const }),
    });
    const login = (code: string) =>
      cardea(['login', 'https://localhost:8443', '--email', 'gwen@guest.example'], client(['access:use']) as never, {
        profile: path,
        lines: ['a password of my own', code],
      });
    expect((await login('123 456')).code).toBe(0);
    expect((await login('abcde-fghjk')).code).toBe(0);
    expect(answered).toEqual([
      { step: 'cp_step', totp: '123 456' },
      { step: 'cp_step', recovery_code: 'abcde-fghjk' },
    ]);
    expect(JSON.parse(readFileSync(path, 'utf8')).token).toBe('cs_session');
  });
  it('without a password does nothing', async () => {
    const ran = await cardea(
      ['login', 'https://localhost:8443', '--email', 'a@b'],
      {},
      { profile: join(folder, 'none.json') },
    );
    expect([ran.code, ran.err]).toEqual([
      2,
      'cardea: nothing was given as password of a@b; type it, or send it as a line of standard input\n',
    ]);
  });
});

it('every command has help, and every leaf an example or a plain list', () => {
  const program = createProgram(
    processIo(async () => undefined),
    registrar(
      processIo(async () => undefined),
      () => ({}) as never,
      () => {},
    ),
    [],
  );
  const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)];
  for (const command of walk(program)) {
    expect(command.description(), command.name()).not.toBe('');
    for (const option of command.options) expect(option.description, option.flags).not.toBe('');
  }
});

it('decode shows each field of a request, and refuses octets that are not one', async () => {
  const ran = await cardea(['decode', 'lock', '03:01:01:08:00:00:00:00:00:00:00:0b:67:4f:2a:80', '--json']);
  expect(ran.code).toBe(0);
  const fields = JSON.parse(ran.out).fields.map(({ field, value }: { field: string; value: string }) => [field, value]);
  expect(fields).toContainEqual(['frame.request.operation', 'unlock']);
  expect(fields).toContainEqual(['frame.request.timeToLiveS', '8']);
  const flipped = await cardea(['decode', 'lock', '03010108000000000000000a674f2a80']);
  expect([flipped.code, flipped.out]).toEqual([2, '']);
  expect(flipped.err).toMatch(/not lock: .*XOR/);
});

describe('people', () => {
  const person = {
    id: 'per_0198c0de-0000-7000-8000-000000000001',
    name: 'Gwen',
    email: 'gwen@guest.example',
    role: 'guest' as const,
    must_change_password: false,
    created_at: '2026-03-01T00:00:00.000Z',
  };
  const persons = (erased: string[]) => ({
    list: async function* () {
      yield person;
    },
    get: async () => person,
    erase: async (id: string) => void erased.push(id),
    export: async () => ({ exported_at: '2026-03-01T00:00:00.000Z', person, data: { phones: [] } }),
  });

  it('erase wants --yes where nobody types, and names whom it is about', async () => {
    const erased: string[] = [];
    const client = { persons: persons(erased) } as never;
    const ran = await cardea(['person', 'erase', 'gwen@guest.example'], client, { profile });
    expect([ran.code, erased]).toEqual([2, []]);
    expect((await cardea(['person', 'erase', 'gwen@guest.example', '--yes'], client, { profile })).code).toBe(0);
    expect(erased).toEqual([person.id]);
  });

  it('export is JSON', async () => {
    const ran = await cardea(['person', 'export', 'gwen@guest.example'], { persons: persons([]) } as never, {
      profile,
    });
    expect(ran.err).toBe('');
    expect(JSON.parse(ran.out)).toMatchObject({ person: { name: 'Gwen' }, data: { phones: [] } });
  });

  it('register prints the reference where nobody types; confirm takes code and password as lines', async () => {
    const said: unknown[] = [];
    const registration = {
      register: async (input: unknown) => {
        said.push(input);
        return { verification_id: 'ver_1', expires_at: '2026-03-01T00:10:00.000Z' };
      },
      confirm: async (...given: unknown[]) => {
        said.push(given);
        return person;
      },
    };
    const profile = join(folder, 'nobody.json');
    const url = 'https://localhost:8443';
    const asked = await cardea(
      ['register', url, '--address', 'gwen@guest.example', '--name', 'Gwen'],
      { registration } as never,
      { profile },
    );
    expect(asked.out).toContain('cardea confirm ver_1');
    const done = await cardea(['confirm', 'ver_1', '--url', url], { registration } as never, {
      profile,
      lines: ['123456', 'a password of my own'],
    });
    expect(done.code).toBe(0);
    expect(said).toEqual([
      { address: 'gwen@guest.example', name: 'Gwen' },
      ['ver_1', '123456', 'a password of my own'],
    ]);
    expect(done.out + done.err).not.toMatch(/123456|my own/);
    expect((await cardea(['confirm', 'nonsense', '--url', url], {}, { profile })).code).toBe(2);
  });
});
