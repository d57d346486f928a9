import { LOCK_MESSAGE_MAX_OCTETS } from '@cardea/wire-scpm';
import { Duo } from '../../wire/scpm/test/duo.ts';

/** docs/reference/scpm-state.md: the records of both ends, measured at moments in the life of a domain. */
export function files(): Record<string, string> {
  const moments = [
    ['a new domain, and a device as it came from the factory', measured(() => {})],
    ['the device has joined (9.2.1)', measured(joined)],
    ['messages have gone both ways', measured(talked)],
    ['beside the user key, a key of a service provider (9.2.2)', measured((duo) => provided(duo, 1))],
    ['thirteen keys of service providers', measured((duo) => provided(duo, 13))],
    ['a new user key is pending at the device (9.3.2)', measured(pending)],
  ] as const;
  const rows = moments.map(([what, { domain, entry, device }]) => `| ${what} | ${domain} | ${entry} | ${device} |`);
  const text = `# Octets of state in SCPM

What each end has on record, in octets, measured by running both: profile \`hardened\`, AES-CBC, addresses of 6 octets. A
record holds the last response of each line, to be repeated (docs/scpm.md, reading 19).

| after | KSN: domain | KSN: this device | device |
|---|---|---|---|
${rows.join('\n')}

A peer costs a KSN what stands in the column "this device", and each key of the domain a part of the column "domain". A
device keeps what is in the last column of its KSN, and the lines of up to 8 requesters under keys of service providers. In
memory, while it lasts: a message of up to ${LOCK_MESSAGE_MAX_OCTETS} octets that is being put together, and the one request that
has no answer yet. Written from \`wire/scpm\`.
`;
  return { 'docs/reference/scpm-state.md': text };
}

interface Octets {
  readonly domain: number;
  readonly entry: number;
  readonly device: number;
}

function measured(live: (duo: Duo) => void): Octets {
  const duo = new Duo('hardened');
  live(duo);
  const of = (isIt: (name: string) => boolean) => [...duo.records].find(([name]) => isIt(name))?.[1].length ?? 0;
  return {
    domain: of((name) => name === 'ksn domain'),
    entry: of((name) => name.startsWith('ksn device')),
    device: of((name) => name === 'device device'),
  };
}

function joined(duo: Duo): void {
  duo.join();
  duo.settle();
  if (!duo.isJoined) throw new Error('the device does not join');
}

function talked(duo: Duo): void {
  joined(duo);
  const message = { kind: 'send', keyIndex: 1, octets: new Uint8Array(60), token: 1, expiresAtMs: undefined } as const;
  duo.tellKsn({ ...message, to: duo.deviceAddress });
  duo.tellDevice({ ...message, to: duo.ksn.address });
  duo.settle();
  if (duo.delivered.length !== 2) throw new Error('the messages do not arrive');
}

function provided(duo: Duo, keys: number): void {
  talked(duo);
  for (let keyIndex = 3; keyIndex < 3 + keys; keyIndex++) {
    duo.tellKsn({ kind: 'add-provider', keyIndex, key: duo.freshKey(), devices: [duo.deviceAddress] });
  }
  duo.settle();
  const given = duo.device.keys.filter(({ keyIndex }) => keyIndex >= 3).length;
  if (given !== keys) throw new Error(`${given} keys of ${keys} were given`);
}

function pending(duo: Duo): void {
  talked(duo);
  duo.tellKsn({ kind: 'update-key', keyIndex: 1, key: duo.freshKey() });
  for (let i = 0; i < 100 && !duo.device.keys.some(({ state }) => state === 'pending'); i++) {
    const frame = duo.inFlight.shift();
    if (frame === undefined) throw new Error('nothing goes on');
    duo.hand(frame.to, frame.octets);
  }
}
