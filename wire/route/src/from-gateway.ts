import { type Element, element } from '@cardea/wire-xmpp';
import { RouteError } from './errors.ts';
import {
  Attributes,
  checkId,
  checkIdentifier,
  checkInteger,
  checkMaker,
  checkWord,
  elementsOnly,
  nothingInside,
  readInteger,
  readOctets,
  textOnly,
  writeOctets,
} from './fields.ts';
import {
  type FromGateway,
  MESSAGE_MAX_OCTETS,
  type ProgressReason,
  type ProgressStage,
  QUEUE_POSITION_MAX,
  ROUTE_NAMESPACE,
  STATE_MAX_OCTETS,
} from './messages.ts';

type Progress = Extract<FromGateway, { kind: 'progress' }>;
type Sighting = Extract<FromGateway, { kind: 'sighting' }>;

const STAGES: readonly ProgressStage[] = ['queued', 'connecting', 'written', 'failed', 'expired'];
const REASONS: readonly ProgressReason[] = ['out_of_range', 'no_answer', 'unsupported', 'busy'];
const WINDOW = ['open', 'closed'] as const;
/** Bluetooth Core, Vol 4, Part E, 7.7.65.2: RSSI -127 to +20 dBm. */
const RSSI_DBM = { min: -127, max: 20 };
const MODEL_MAX = 0xffffffff;

/**
 * The payload of a gateway's report, for an iq of type set (docs/route.md):
 *
 *     <frame id lock channel>base64</frame>
 *     <progress id lock stage queue? reason?/>
 *     <sighting lock maker rssi/>                       rssi in dBm
 *     <sighting ...><unbound model window/></sighting>  window: open, closed
 *     <sighting ...><state>base64</state></sighting>    sealed for the RAS
 *
 * @throws RouteError naming the field that is out of its range
 */
export function encodeFromGateway(message: FromGateway): Element {
  switch (message.kind) {
    case 'frame':
      return element(
        'frame',
        ROUTE_NAMESPACE,
        {
          id: checkId('frame.id', message.id),
          lock: checkIdentifier('frame.lock', message.lock),
          channel: String(checkInteger('frame.channel', message.channel, 0, 63)),
        },
        [writeOctets('frame', message.octets, 1, MESSAGE_MAX_OCTETS)],
      );
    case 'progress':
      checkProgress(message);
      return element('progress', ROUTE_NAMESPACE, {
        id: checkId('progress.id', message.id),
        lock: checkIdentifier('progress.lock', message.lock),
        stage: checkWord('progress.stage', message.stage, STAGES),
        queue:
          message.queuePosition === null
            ? undefined
            : String(checkInteger('progress.queue', message.queuePosition, 0, QUEUE_POSITION_MAX)),
        reason: message.reason === null ? undefined : checkWord('progress.reason', message.reason, REASONS),
      });
    case 'sighting':
      return encodeSighting(message);
  }
}

/** The report of a payload, in either direction of the codec equal to {@link encodeFromGateway}. @throws RouteError */
export function decodeFromGateway(payload: Element): FromGateway {
  if (payload.namespace !== ROUTE_NAMESPACE) {
    throw new RouteError('element', payload.name, `must be in ${ROUTE_NAMESPACE}`);
  }
  switch (payload.name) {
    case 'frame': {
      const attributes = new Attributes('frame', payload);
      const frame: FromGateway = {
        kind: 'frame',
        id: checkId('frame.id', attributes.required('id')),
        lock: checkIdentifier('frame.lock', attributes.required('lock')),
        channel: readInteger('frame.channel', attributes.required('channel'), 0, 63),
        octets: readOctets('frame', textOnly('frame', payload), 1, MESSAGE_MAX_OCTETS),
      };
      attributes.end();
      return frame;
    }
    case 'progress':
      return decodeProgress(payload);
    case 'sighting':
      return decodeSighting(payload);
    default:
      throw new RouteError('element', payload.name, 'is not a report of a gateway');
  }
}

function decodeProgress(payload: Element): Progress {
  const attributes = new Attributes('progress', payload);
  const queue = attributes.optional('queue');
  const reason = attributes.optional('reason');
  const progress: Progress = {
    kind: 'progress',
    id: checkId('progress.id', attributes.required('id')),
    lock: checkIdentifier('progress.lock', attributes.required('lock')),
    stage: checkWord('progress.stage', attributes.required('stage'), STAGES),
    queuePosition: queue === undefined ? null : readInteger('progress.queue', queue, 0, QUEUE_POSITION_MAX),
    reason: reason === undefined ? null : checkWord('progress.reason', reason, REASONS),
  };
  attributes.end();
  nothingInside('progress', payload);
  checkProgress(progress);
  return progress;
}

function checkProgress(progress: Progress): void {
  if (progress.reason !== null && progress.stage !== 'failed' && progress.stage !== 'expired') {
    throw new RouteError('attribute', 'progress.reason', 'stands only with the stage failed or expired');
  }
}

function encodeSighting(message: Sighting): Element {
  if (message.unbound !== null && message.state !== null) throw bothParts();
  const parts: Element[] = [];
  if (message.unbound !== null) {
    parts.push(
      element('unbound', ROUTE_NAMESPACE, {
        model: String(checkInteger('sighting.unbound.model', message.unbound.model, 0, MODEL_MAX)),
        window: message.unbound.windowOpen ? 'open' : 'closed',
      }),
    );
  }
  if (message.state !== null) {
    const octets = writeOctets('sighting.state', message.state, 0, STATE_MAX_OCTETS);
    parts.push(element('state', ROUTE_NAMESPACE, {}, [octets]));
  }
  return element(
    'sighting',
    ROUTE_NAMESPACE,
    {
      lock: checkIdentifier('sighting.lock', message.lock),
      maker: checkMaker('sighting.maker', message.maker),
      rssi: String(checkInteger('sighting.rssi', message.rssiDbm, RSSI_DBM.min, RSSI_DBM.max)),
    },
    parts,
  );
}

function decodeSighting(payload: Element): Sighting {
  const attributes = new Attributes('sighting', payload);
  const lock = checkIdentifier('sighting.lock', attributes.required('lock'));
  const maker = checkMaker('sighting.maker', attributes.required('maker'));
  const rssiDbm = readInteger('sighting.rssi', attributes.required('rssi'), RSSI_DBM.min, RSSI_DBM.max);
  attributes.end();
  const [part, second] = elementsOnly('sighting', payload);
  if (second !== undefined) throw bothParts();
  const base = { kind: 'sighting', lock, maker, rssiDbm } as const;
  switch (part?.name) {
    case undefined:
      return { ...base, unbound: null, state: null };
    case 'unbound':
      return { ...base, unbound: decodeUnbound(part), state: null };
    case 'state': {
      new Attributes('sighting.state', part).end();
      const state = readOctets('sighting.state', textOnly('sighting.state', part), 0, STATE_MAX_OCTETS);
      return { ...base, unbound: null, state };
    }
    default:
      throw new RouteError('element', `sighting.${part?.name}`, 'is not known here');
  }
}

function decodeUnbound(part: Element): { model: number; windowOpen: boolean } {
  const attributes = new Attributes('sighting.unbound', part);
  const model = readInteger('sighting.unbound.model', attributes.required('model'), 0, MODEL_MAX);
  const window = checkWord('sighting.unbound.window', attributes.required('window'), WINDOW);
  attributes.end();
  nothingInside('sighting.unbound', part);
  return { model, windowOpen: window === 'open' };
}

function bothParts(): RouteError {
  return new RouteError('element', 'sighting', 'holds one part at most: unbound or state');
}
