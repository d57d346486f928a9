import { type Radio, RadioError } from '@cardea/kit-radio';

/** The radio of a browser that has none. */
export const noRadio: Radio = {
  serve() {
    throw new RadioError('unsupported', 'this browser has no Bluetooth');
  },
  scan: () => () => {},
  connect: () => Promise.reject(new RadioError('unsupported', 'this browser has no Bluetooth')),
};
