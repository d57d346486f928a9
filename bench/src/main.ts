// `npm run bench [-- NAME ...]`: prints one JSON line a figure, each with its goal; progress goes to standard error.
import { access } from './access.ts';
import { agreement } from './agreement.ts';
import { exchange } from './exchange.ts';
import { fleet } from './fleet.ts';
import { frames } from './frames.ts';
import { hotel } from './hotel.ts';
import { intake } from './intake.ts';
import { lookup } from './lookup.ts';
import type { Figure } from './measure.ts';
import { memory } from './memory.ts';
import { monitor } from './monitor.ts';
import { scpm } from './scpm.ts';
import { stanza } from './stanza.ts';
import { tap } from './tap.ts';
import { unlock } from './unlock.ts';
import { web } from './web.ts';

const benches: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  frames,
  scpm,
  unlock,
  tap,
  intake,
  stanza,
  lookup,
  fleet,
  monitor,
  memory,
  hotel,
  exchange,
  access,
  agreement,
  web,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`bench ${name} ...`);
  for (const line of await run()) console.log(JSON.stringify(line));
}
