import { Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

const passwords = createPasswords({ memoryCost: 64, timeCost: 1 });

it('only the right password fits, and the hash is argon2id with its own salt', async () => {
  const stored = await passwords.hash(new Secret('correct horse'));
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  expect(await passwords.hash(new Secret('correct horse'))).not.toBe(stored);
  expect(await passwords.verify(stored, new Secret('correct horse'))).toBe(true);
  expect(await passwords.verify(stored, new Secret('correct horsf'))).toBe(false);
});

it('an account that does not exist fits no password, the empty one included', async () => {
  for (const guess of ['', 'password', '\0']) {
    expect(await passwords.verify(undefined, new Secret(guess))).toBe(false);
  }
});
