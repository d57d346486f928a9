import { type Attack, resultOf } from './attack.ts';
import { attackClients } from './sasl/at-client.ts';
import { attackServers } from './sasl/at-server.ts';
import { attackBetween } from './sasl/between.ts';

/** Attack 32, and attack 5 for XMPP: signing in made weaker than both sides can, or in another's name. */
export const saslDowngrade: Attack = {
  id: 32,
  title: 'SASL: PLAIN before TLS, mechanisms stripped, iteration bomb, wrong channel binding, forged from',
  weakDouble: 'clients that trust their server and servers that trust their clients, each in one point',
  async run({ weak, seed }) {
    return resultOf([
      ...(await attackServers(seed, weak)),
      ...(await attackClients(seed, weak)),
      ...(await attackBetween(seed, weak)),
    ]);
  },
};
