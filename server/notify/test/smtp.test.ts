import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createSmtpSender } from '../src/index.ts';

const PYTHON = '/usr/bin/python3';
const PEER = fileURLToPath(new URL('smtp-peer.py', import.meta.url));
const present =
  spawnSync(PYTHON, ['-c', 'import aiosmtpd']).status === 0 && spawnSync('openssl', ['version']).status === 0;
const needed = process.env.REQUIRE_PEERS === '1';

let child: ChildProcess | undefined;
let folder = '';
afterEach(async () => {
  if (child !== undefined && child.exitCode === null) {
    child.stdin?.end();
    await once(child, 'close');
  }
  child = undefined;
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

/** Starts the peer, with a certificate for `localhost` when it is to speak TLS. */
async function peer(tls: boolean) {
  folder = mkdtempSync(join(tmpdir(), 'cardea-smtp-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  if (tls) {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' });
  }
  const started = spawn(PYTHON, [PEER, ...(tls ? [cert, key] : [])], { stdio: ['pipe', 'pipe', 'ignore'] });
  child = started;
  const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? '{}');
  const { port } = await next();
  return { port, next, authority: tls ? readFileSync(cert, 'utf8') : undefined };
}

const message = {
  id: 'msg_1',
  to: 'gwen@guest.test',
  subject: 'Größe: 123456',
  text: 'hello\n.\nQUIT\n  code 123456\n',
};

describe.skipIf(!present && !needed)('mail, taken by aiosmtpd', () => {
  it('arrives as it was written, over STARTTLS, from whom it says', async () => {
    const { port, next, authority } = await peer(true);
    const sender = createSmtpSender({ url: `smtp://127.0.0.1:${port}`, from: 'cardea@hotel.test', authority });
    await sender.send(message);
    const taken = await next();
    expect(taken).toMatchObject({ from: 'cardea@hotel.test', to: ['gwen@guest.test'], tls: true });
    expect(taken.content).toMatch(/^Message-ID: <msg_1@hotel\.test>\r?$/im);
    expect(taken.content).toMatch(/^Auto-Submitted: auto-generated\r?$/im);
    expect(taken.content).toContain('  code 123456');
    expect(taken.content).toContain('QUIT');
  }, 30_000);

  it('goes to no server whose certificate nobody vouches for, and says nothing of the message', async () => {
    const { port } = await peer(true);
    const refused = await createSmtpSender({ url: `smtp://127.0.0.1:${port}`, from: 'cardea@hotel.test' })
      .send(message)
      .catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'not_sent' });
    expect(String(refused)).not.toMatch(/123456|guest/);
  }, 30_000);

  it('to an address that looks like two is one; a mailbox that is not there is no', async () => {
    const { port, next } = await peer(false);
    const sender = createSmtpSender({ url: `smtp://127.0.0.1:${port}`, from: 'cardea@hotel.test' });
    await expect(sender.send({ ...message, to: 'nobody@guest.test' })).rejects.toMatchObject({ code: 'not_sent' });
    await sender.send({ ...message, to: 'a@guest.test,eve@evil.test' }).catch(() => {});
    await sender.send(message);
    const taken = await next();
    expect(taken.to).toHaveLength(1);
    expect(taken.to).not.toContain('eve@evil.test');
  }, 30_000);
});

describe('mail', () => {
  it('to a server that is not there is no, without its content', async () => {
    const refused = await createSmtpSender({ url: 'smtp://127.0.0.1:9', from: 'cardea@hotel.test' })
      .send(message)
      .catch((error: Error) => error);
    expect(refused).toMatchObject({ name: 'NotifyError', code: 'not_sent' });
    expect(String(refused)).toContain('127.0.0.1');
    expect(String(refused)).not.toMatch(/123456|guest/);
  });
});
