import { type Attack, resultOf } from './attack.ts';
import { careless, hostileBodies } from './exhaustion/bodies.ts';
import { carelessPatterns, productPatterns, tryPatterns } from './exhaustion/patterns.ts';
import { keptForOne } from './exhaustion/storage.ts';

/** Attack 42 over HTTP and from gateways: little work for the attacker, much for the server. (XML: attack 31.) */
export const exhaustion: Attack = {
  id: 42,
  title: 'exhaustion: regular expressions, depth and size of JSON, prototypes, batches, bombs, streams, keys',
  weakDouble:
    'careless patterns, a door without bounds of shape, streams and kept answers, a program that merges bodies',
  async run({ weak, seed }) {
    return resultOf([
      ...tryPatterns(weak ? carelessPatterns : productPatterns()),
      ...(await hostileBodies(seed, weak)),
      ...(weak ? careless() : []),
      ...(await keptForOne(seed, weak)),
    ]);
  },
};
