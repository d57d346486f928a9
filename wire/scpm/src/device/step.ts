import type { Step } from '@cardea/kit-runtime';
import type { ScpmEffect } from '../effect.ts';
import { pump, resend, resendDueMs } from '../node/ask.ts';
import { applyNodeInput } from '../node/inputs.ts';
import { receive } from '../node/receive.ts';
import type { ScpmContext } from '../node/turn.ts';
import { DeviceTurn } from './device-turn.ts';
import { dropExchange, expireExchange, valueAgreed, valueMade } from './exchange.ts';
import { deviceRole } from './role.ts';
import { type DeviceInput, type DeviceState, SETTING_MODE_MS } from './state.ts';
import { askWhenDue, requestUpdate } from './update-request.ts';

/** The device's side of SCPM: what follows from an input. A malformed frame changes nothing and throws nothing. */
export function stepDevice(
  context: ScpmContext,
  state: DeviceState,
  input: DeviceInput,
): Step<DeviceState, ScpmEffect> {
  const turn = new DeviceTurn(context, state);
  const role = deviceRole(turn);
  apply(turn, input);
  if (input.kind === 'frame') receive(turn, role, input.octets);
  resend(turn, role);
  expireExchange(turn);
  askWhenDue(turn);
  for (const { address } of turn.state.peers) pump(turn, role, address);
  wake(turn);
  return { state: turn.state, effects: turn.effects };
}

function apply(turn: DeviceTurn, input: DeviceInput): void {
  switch (input.kind) {
    case 'powered-on': {
      const snf = new DataView(input.random.buffer, input.random.byteOffset, 4).getUint32(0) >>> 1;
      if (turn.state.settings.profile === 'standard') turn.change({ firstSnf: snf });
      return;
    }
    case 'setting-mode':
      if (turn.state.ksn === undefined) turn.change({ settingUntilMs: turn.nowMs + SETTING_MODE_MS });
      return;
    case 'reset':
      dropExchange(turn);
      turn.eraseKeys(({ version }) => version > 0);
      turn.change({ ksn: undefined, settingUntilMs: undefined, wish: undefined });
      turn.save();
      return;
    case 'request-update':
      requestUpdate(turn, input.keyIndex);
      return;
    case 'dh-made':
      valueMade(turn, input);
      return;
    case 'dh-agreed':
      valueAgreed(turn, input);
      return;
    default:
      applyNodeInput(turn, input);
  }
}

function wake(turn: DeviceTurn): void {
  const { exchange, wish } = turn.state;
  const dues = [resendDueMs(turn.state), exchange?.endsAtMs, wish?.dueAtMs].filter((due) => due !== undefined);
  if (dues.length > 0) turn.emit({ kind: 'wake', atMonotonicMs: Math.min(...dues) });
}
