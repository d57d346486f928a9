// Opens a door and follows its events. With `npm start` running, in this folder:
//   export CARDEA_TOKEN=$(node -p "require('./data/cli.json').token") NODE_EXTRA_CA_CERTS=data/ras/tls/authority.pem
//   npx node examples/open-a-door.ts 101
import { createClient } from '@cardea/client-sdk';

const { CARDEA_URL: url = 'https://localhost:8443', CARDEA_TOKEN: token } = process.env;
const name = process.argv[2] ?? '101';
const client = createClient({ url, token });

const [door] = (await client.doors.page({ name })).items;
if (door === undefined) throw new Error(`there is no door ${name}`);

const stop = new AbortController();
const following = (async () => {
  for await (const event of client.events.follow({ doorId: door.id, signal: stop.signal })) {
    console.log(event.received_at, event.type, event.detail);
  }
})();

const attempt = await client.unlock(door.id, { onProgress: ({ state }) => console.log(state) });
console.log(attempt.state === 'succeeded' ? attempt.receipt : attempt.reason);
setTimeout(() => stop.abort(), 10_000); // what the door does in the next ten seconds: opened, closed, locked again
await following;
