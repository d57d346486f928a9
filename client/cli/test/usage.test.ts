import { describe, expect, it } from 'vitest';
import { cardea } from './fake-client.ts';

describe('bad input on the command line: the server is not asked', () => {
  it.each<readonly [readonly string[], RegExp]>([
    [['open', '101'], /open/],
    [['unlock'], /door/],
    [['unlock', '101', '102'], /argument/],
    [['unlock', '101', '--ttl', 'soon'], /ttl/],
    [['unlock', '101', '--ttl', '0'], /ttl/],
    [['unlock', '101', '--ttl', '61'], /ttl/],
    [['unlock', '101', '--force'], /--force/],
    [['lock', 'show'], /'lock'/],
    [['lock', 'enrol'], /door|identifier/],
    [['sim', 'melt', '101', 'on'], /melt/],
    [['sim', 'jam', '101'], /value/],
    [['sim', 'jam'], /door/],
    [['gateway', 'show'], /gateway/],
    [['person', 'show'], /person/],
    [['door', 'show'], /door/],
    [['events', '--retention', '--follow'], /--retention/],
    [['audit', 'verify', 'log.ndjson', '--key', 'AAAA'], /--key/],
    [['decode'], /protocol/],
    [['decode', 'xyz'], /hex|xyz/],
    [['--profile'], /profile/],
  ])('%j is a usage error, exit 2, that names what is wrong', async (args, named) => {
    const ran = await cardea(args);
    expect(ran.err).toMatch(named);
    expect(ran.code).toBe(2);
    expect(ran.out).toBe('');
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
  });

  it('--version says the version, and nothing else', async () => {
    const { code, out } = await cardea(['--version']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('says the same to programs, as JSON', async () => {
    const { code, err } = await cardea(['unlock', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'usage', message: expect.stringContaining('door') } });
  });
});
