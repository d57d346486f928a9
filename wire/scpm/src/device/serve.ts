import { equal } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { KEY_INDEX, type Services } from '../header.ts';
import type { HeldKey } from '../node/keys.ts';
import { takeFragment } from '../node/message.ts';
import type { ServedPadata } from '../node/role.ts';
import type { NewMasterKey, ProviderKey, UserKey } from '../padata/padata.ts';
import type { Status } from '../padata/status.ts';
import type { AlgorithmId } from '../suite/suite.ts';
import type { DeviceTurn } from './device-turn.ts';
import { dropExchange, takeValue } from './exchange.ts';
import { isKsn, keyOf } from './state.ts';

/** The operations that a device serves, each with the key and the services that may ask for it (6.5). */
export function serve(
  turn: DeviceTurn,
  from: Uint8Array,
  key: HeldKey,
  services: Services,
  padata: ServedPadata,
): Status {
  if (padata.kind === 'dh-value') return takeValue(turn, from, key, padata);
  // Devices ask the KSN, nobody asks a device; its answers have words of their own (9.3.3).
  if (padata.kind === 'update-request') return 'denied';
  // Key management and messages want both services; a public value and an inquiry, authentication alone.
  if (services !== 'auth+enc') return 'not_allowed';
  const { profile } = turn.state.settings;
  // Who may ask under a key at all is said by the role: under the user key the KSN, in `standard` every device too.
  const isMember =
    key.state !== 'shared' && (key.keyIndex === KEY_INDEX.user || key.keyIndex >= KEY_INDEX.firstProvider);
  const isUser = key.keyIndex === KEY_INDEX.user && key.state !== 'shared' && isKsn(turn.state, from);
  const isOfIndex = (index: number) => key.keyIndex === index && key.state !== 'shared' && isKsn(turn.state, from);
  switch (padata.kind) {
    case 'user-key': {
      const isInitial = key.keyIndex === KEY_INDEX.serial && (key.state === 'shared') === (profile === 'hardened');
      return isInitial ? takeUserKey(turn, from, padata) : 'not_allowed';
    }
    case 'provider-key':
      return isUser ? takeProviderKey(turn, padata) : 'not_allowed';
    case 'forget-key':
      return isUser ? forgetKey(turn, padata.keyIndex) : 'not_allowed';
    case 'new-master-key': {
      const isUpdate = key.state === 'shared' && key.keyIndex === padata.keyIndex && key.version === padata.version;
      return isUpdate ? takeNewKey(turn, padata) : 'not_allowed';
    }
    case 'commit': {
      if (!isOfIndex(padata.keyIndex)) return 'not_allowed';
      const pending = keyOf(turn.state, padata.keyIndex, 'pending');
      if (pending?.version === padata.version) turn.activate(pending);
      return keyOf(turn.state, padata.keyIndex, 'active')?.version === padata.version ? 'ok' : 'no_exchange';
    }
    case 'abort': {
      if (!isOfIndex(padata.keyIndex)) return 'not_allowed';
      turn.eraseKeys((each) => each.keyIndex === padata.keyIndex && each.state === 'pending');
      return 'ok';
    }
    case 'lock-message':
      return isMember ? takeFragment(turn, from, key, padata) : 'not_allowed';
  }
}

/** Operation 10: the first user key, in setting mode, and with it the KSN (9.2.1 g), h)). */
function takeUserKey(turn: DeviceTurn, from: Uint8Array, padata: UserKey): Status {
  if (turn.state.ksn !== undefined) return 'already_set';
  if (!turn.isSetting) return 'not_setting';
  const { algorithms } = turn.state;
  const isAsTold = padata.heard.length === algorithms.length && algorithms.every((each, i) => each === padata.heard[i]);
  if (!isAsTold) return 'list_differs';
  const key = readKey(turn, padata);
  if (typeof key === 'string') return key;
  turn.setKey({ ...key, state: 'active' });
  turn.change({ ksn: from, settingUntilMs: undefined });
  dropExchange(turn);
  tell(turn, key, 'active');
  return 'ok';
}

/** Operation 11: a service provider's key, in force at once (9.2.2). */
function takeProviderKey(turn: DeviceTurn, padata: ProviderKey): Status {
  const known = keyOf(turn.state, padata.keyIndex, 'active');
  if (known?.version === padata.version) return equal(known.key.reveal(), padata.key) ? 'ok' : 'version_lower';
  const key = readKey(turn, padata);
  if (typeof key === 'string') return key;
  turn.eraseKeys(({ keyIndex }) => keyIndex === padata.keyIndex);
  turn.setKey({ ...key, state: 'active' });
  tell(turn, key, 'active');
  return 'ok';
}

/** Operation 22: a new key waits for its commit beside the old one (9.3.1 k), 9.3.2). */
function takeNewKey(turn: DeviceTurn, padata: NewMasterKey): Status {
  const active = keyOf(turn.state, padata.keyIndex, 'active');
  if (active === undefined) return 'no_key';
  const key = readKey(turn, padata);
  if (typeof key === 'string') return key;
  turn.eraseKeys(({ keyIndex, state }) => keyIndex === padata.keyIndex && state === 'pending');
  turn.setKey({ ...key, state: 'pending' });
  dropExchange(turn);
  tell(turn, key, 'pending');
  return 'ok';
}

function forgetKey(turn: DeviceTurn, keyIndex: number): Status {
  const known = keyOf(turn.state, keyIndex, 'active');
  turn.eraseKeys((key) => key.keyIndex === keyIndex);
  if (known !== undefined) tell(turn, known, 'gone');
  return 'ok';
}

/** The key of a message, unless it is one that this device cannot take. */
function readKey(
  turn: DeviceTurn,
  { keyIndex, version, algorithm, key }: UserKey | ProviderKey | NewMasterKey,
): Omit<HeldKey, 'state'> | Status {
  if (version <= turn.floor(keyIndex)) return 'version_lower';
  if (key.length !== 16) return 'unsupported_key_length';
  const known = turn.state.algorithms.find((each): each is AlgorithmId => each === algorithm);
  if (known === undefined) return 'unsupported_algorithm';
  return { keyIndex, version, algorithm: known, key: new Secret(key), use: 'authenticated', isOfThisRun: true };
}

function tell(
  turn: DeviceTurn,
  { keyIndex, version }: Pick<HeldKey, 'keyIndex' | 'version'>,
  state: 'active' | 'pending' | 'gone',
): void {
  turn.after.push({ kind: 'key', peer: turn.state.address, keyIndex, version, state });
}
