import { endpointKeys } from '@cardea/wire-api';
import { bearing, createRig } from '../../../../server/http/test/rig.ts';
import { must, octetsOf, type Target } from '../target.ts';

const METHODS = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'] as const;
const PROBLEM = /^application\/problem\+json/;
const WITHOUT_LIMIT = { capacity: 1e12, refillPerS: 1e9 };

/** Requests over a fake core: a method and address, headers, an empty line, and a body. `$` stands for a token. */
export async function httpTarget(): Promise<Target> {
  const rig = createRig({
    limits: { perAddress: WITHOUT_LIMIT, strangers: WITHOUT_LIMIT, perToken: WITHOUT_LIMIT },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  await rig.app.ready();
  const streams = '/v1/events/stream';
  const asked = (endpointKeys as readonly string[]).filter((key) => !key.includes(streams));
  return {
    name: 'http',
    covers: ['server/http/src/', 'wire/api/src/'],
    seeds: [
      ...asked.map((key) =>
        octetsOf(`${key.replaceAll(/\{[a-z_]+\}/g, 'door_1')}\nauthorization: Bearer $\nidempotency-key: abc\n\n`),
      ),
      octetsOf(
        'POST /v1/sessions\ncontent-type: application/json\n\n{"email":"a@b.example","password":"pass word 12"}',
      ),
      octetsOf(
        'POST /v1/doors/door_1/unlock\nauthorization: Bearer $\ncontent-type: application/json\nidempotency-key: a\n\n{"ttl_s":10}',
      ),
      octetsOf('GET /v1/doors?limit=5&after=x&property_id=prop_1\nauthorization: Bearer $\nif-none-match: "x"\n\n'),
      octetsOf('DELETE /v1/doors/door_1\nauthorization: Bearer $\nif-match: "x", W/"y"\n\n'),
      octetsOf('GET /v1/events?type=lock.unlocked&door_id=door_1&limit=200\nauthorization: Bearer $\n\n'),
    ],
    maxOctets: 1024,
    async run(input) {
      const text = Buffer.from(input).toString('latin1');
      const end = text.indexOf('\n\n');
      const [first = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\n');
      const [method = '', url = ''] = first.split(' ');
      const known = METHODS.find((one) => one === method);
      // What node:http itself refuses never reaches the door.
      if (known === undefined || !/^\/[\x21-\x7e]*$/.test(url) || url.includes(streams)) return;
      // Neither does what the injector cannot bring there: it reads `/\\` as the beginning of a host.
      if (!URL.canParse(url, 'http://localhost')) return;
      const headers: Record<string, string> = {};
      for (const line of lines.slice(0, 16)) {
        const [, name = '', value = ''] = /^([a-z-]{1,40}): ?([\x20-\x7e]*)$/.exec(line) ?? [];
        if (name !== '' && name !== 'content-length' && name !== 'transfer-encoding') {
          headers[name] = value.replaceAll('$', rig.token);
        }
      }
      // A wait is asked of virtual time, which nobody advances here.
      if (/wait_s/.test(url)) return;
      const answer = await rig.app.inject({
        method: known,
        url,
        headers: { ...bearing(rig.token), ...headers },
        ...(end < 0 || end + 2 === text.length ? {} : { payload: text.slice(end + 2) }),
      });
      must(answer.statusCode !== 500, `the server made a mistake: ${answer.body}`);
      if (answer.statusCode >= 400 && known !== 'HEAD') {
        must(PROBLEM.test(String(answer.headers['content-type'])), 'a refusal is a problem');
      }
      rig.answers.clear();
    },
  };
}
