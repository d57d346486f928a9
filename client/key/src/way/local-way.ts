import { RadioError, type RadioErrorCode } from '@cardea/kit-radio';
import type { Cancel, Clock } from '@cardea/kit-runtime';
import { CHANNEL } from '@cardea/wire-lock';
import { frameLocal, type LocalMessage, type LocalRefusal, LocalStream, RouteError } from '@cardea/wire-route';
import type { LockLink, Way } from './way.ts';

/** An ordered, reliable pipe of octets to a gateway's local endpoint, such as a TCP connection. */
export interface LocalPipe {
  send(octets: Uint8Array): void;
  onData(listener: (octets: Uint8Array) => void): void;
  /** Called once, for whatever reason the pipe ends. */
  onClose(listener: () => void): void;
  close(): void;
}

const CODES: Readonly<Record<LocalRefusal, RadioErrorCode>> = {
  unknown_lock: 'unsupported',
  not_heard: 'out-of-range',
  busy: 'busy',
  ended: 'disconnected',
};

/**
 * Through the local endpoint of a gateway, which carries what the air would and is trusted with nothing: the lock proves
 * itself to the phone and the phone to the lock, as at the door. `open` connects to the endpoint; what it throws becomes
 * `closed`: it is not tried again.
 */
export function localWay({ open, clock }: { readonly open: () => Promise<LocalPipe>; readonly clock: Clock }): Way {
  return {
    find: ({ identifier }) => Promise.resolve(identifier),
    async connect(lock, timeoutMs, listener) {
      const pipe = await open().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : 'unknown';
        throw new RadioError('closed', `the gateway's local endpoint cannot be reached: ${why}`);
      });
      return new Promise<LockLink>((resolve, reject) => {
        const stream = new LocalStream();
        let state: 'opening' | 'open' | 'over' = 'opening';
        let cancel: Cancel = () => {};
        const end = (code: RadioErrorCode, why: string): void => {
          if (state === 'over') return;
          const wasOpen = state === 'open';
          state = 'over';
          cancel();
          pipe.close();
          if (wasOpen) listener.ended();
          else reject(new RadioError(code, why));
        };
        const take = (message: LocalMessage): void => {
          if (message.kind === 'refused') {
            end(CODES[message.reason], `the gateway does not lead to the lock: ${message.reason.replaceAll('_', ' ')}`);
          } else if (message.kind === 'opened' && state === 'opening') {
            state = 'open';
            cancel();
            resolve(link);
          } else if (message.kind === 'message' && state === 'open') {
            listener.message(CHANNEL.mobileKey, message.octets);
          } else {
            end('disconnected', 'the gateway does not keep to the protocol of its local endpoint');
          }
        };
        const link: LockLink = {
          async send(channel, octets) {
            if (state !== 'open') throw new RadioError('disconnected', 'the way through the gateway has ended');
            if (channel === CHANNEL.mobileKey) pipe.send(frameLocal({ kind: 'message', octets }));
          },
          close: () => end('disconnected', 'hung up'),
        };
        cancel = clock.after(timeoutMs, () => end('timeout', 'the gateway did not answer in time'));
        pipe.onClose(() => end('disconnected', 'the gateway has hung up'));
        pipe.onData((octets) => {
          try {
            for (const message of stream.push(octets)) if (state !== 'over') take(message);
          } catch (error) {
            if (!(error instanceof RouteError)) throw error;
            end('disconnected', 'the gateway does not keep to the protocol of its local endpoint');
          }
        });
        pipe.send(frameLocal({ kind: 'open', lock }));
      });
    },
  };
}
