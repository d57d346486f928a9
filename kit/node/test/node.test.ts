import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@cardea/kit-runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  createEnvelope,
  EnvelopeError,
  seededRandom,
  settle,
  systemClock,
  systemRandom,
  writeFileDurably,
} from '../src/index.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cardea-kit-node-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secret = () => new Secret(Uint8Array.of(1, 2, 3, 4));
const refuses = (code: string) => expect.objectContaining({ name: 'EnvelopeError', code });

describe('envelope', () => {
  test('a sealed secret opens again, also after the key file is read anew', async () => {
    const file = join(folder, 'envelope.key');
    const sealed = (await createEnvelope(file)).seal(secret(), 'locks/1/factory_key');
    const again = await createEnvelope(file);
    expect(again.open(sealed, 'locks/1/factory_key').reveal()).toEqual(secret().reveal());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('every bit flip, every truncation and another place are refused', async () => {
    const envelope = await createEnvelope(join(folder, 'envelope.key'));
    const sealed = envelope.seal(secret(), 'a');
    expect(() => envelope.open(sealed, 'b')).toThrow(refuses('tag'));
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const flipped = sealed.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => envelope.open(flipped, 'a'), `bit ${bit}`).toThrow(EnvelopeError);
    }
    for (let size = 0; size < sealed.length; size++) {
      expect(() => envelope.open(sealed.subarray(0, size), 'a')).toThrow(EnvelopeError);
    }
  });

  test('the same secret seals to different octets', async () => {
    const envelope = await createEnvelope(join(folder, 'envelope.key'));
    expect(envelope.seal(secret(), 'a')).not.toEqual(envelope.seal(secret(), 'a'));
  });

  test('rotation: the new key seals, the old one opens until it is forgotten', async () => {
    const file = join(folder, 'envelope.key');
    const envelope = await createEnvelope(file);
    const old = envelope.seal(secret(), 'a');
    expect(await envelope.rotate()).toBe(envelope.keyId);
    const fresh = envelope.seal(secret(), 'a');
    expect(envelope.keyIdOf(old)).not.toBe(envelope.keyId);
    expect(envelope.keyIdOf(fresh)).toBe(envelope.keyId);
    const again = await createEnvelope(file);
    expect(again.open(old, 'a').reveal()).toEqual(secret().reveal());
    expect(again.open(fresh, 'a').reveal()).toEqual(secret().reveal());
    await again.forgetOldKeys();
    const last = await createEnvelope(file);
    expect(() => last.open(old, 'a')).toThrow(refuses('unknown_key'));
    expect(last.open(fresh, 'a').reveal()).toEqual(secret().reveal());
    expect(await last.rotate()).not.toBe(last.keyIdOf(old));
  });

  test('a key file that others may read, or that is malformed, is refused by name', async () => {
    const file = join(folder, 'envelope.key');
    await createEnvelope(file);
    await chmod(file, 0o644);
    await expect(createEnvelope(file)).rejects.toEqual(refuses('key_file_mode'));
    await writeFile(file, '00000001 abcd\n');
    await chmod(file, 0o600);
    await expect(createEnvelope(file)).rejects.toEqual(refuses('key_file'));
    await expect(createEnvelope(join(folder, 'no', 'where'))).rejects.toThrow();
  });

  test('an empty key file is refused: a new key would lose what was sealed', async () => {
    const file = join(folder, 'envelope.key');
    await writeFile(file, '', { mode: 0o600 });
    await expect(createEnvelope(file)).rejects.toEqual(refuses('key_file'));
  });
});

describe('writeFileDurably', () => {
  test('replaces the file as a whole, with the mode asked for, and leaves nothing beside it', async () => {
    const file = join(folder, 'state');
    await writeFileDurably(file, 'one', 0o640);
    await writeFileDurably(file, Uint8Array.of(0x32), 0o600);
    expect(await readFile(file, 'utf8')).toBe('2');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['state']);
  });

  test('a failure leaves the old file and nothing else', async () => {
    const file = join(folder, 'folder');
    await writeFileDurably(join(folder, 'other'), 'x');
    await expect(writeFileDurably(join(file, 'missing', 'state'), 'x')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['other']);
  });
});

describe('random', () => {
  test('a seed gives the same stream, another seed another one', () => {
    const draw = (seed: string) => {
      const random = seededRandom(seed);
      return [random.octets(5), random.octets(40), random.octets(0), random.octets(16)];
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    const [first, , , last] = draw('a');
    expect(last!.subarray(0, 5)).not.toEqual(first);
  });

  test('the system generator gives as many octets as asked for, never the same', () => {
    expect(systemRandom.octets(32)).toHaveLength(32);
    expect(systemRandom.octets(32)).not.toEqual(systemRandom.octets(32));
  });
});

describe('clock', () => {
  test('a clock with an offset reads that much apart; a cancelled call never comes', async () => {
    const hour = systemClock(3_600_000);
    expect(Math.abs(hour.now() - Date.now() - 3_600_000)).toBeLessThan(1_000);
    let calls = 0;
    const cancel = hour.after(0, () => calls++);
    cancel();
    cancel();
    await new Promise<void>((resolve) => hour.after(1, resolve));
    await settle();
    expect(calls).toBe(0);
  });
});
