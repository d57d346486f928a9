import type { NodeInput } from '../input.ts';
import { hasten } from './ask.ts';
import { lineName, protecting } from './keys.ts';
import { askMessage, giveUpMessages } from './message.ts';
import type { Turn } from './turn.ts';

/** What every node makes of an input, whatever its role; frames, wakes and Diffie-Hellman runs are looked at elsewhere. */
export function applyNodeInput(turn: Turn, input: NodeInput): void {
  switch (input.kind) {
    case 'send': {
      const key = protecting(turn.keysWith(input.to), input.keyIndex);
      if (key === undefined || !askMessage(turn, input.to, lineName(key), input)) {
        turn.emit({ kind: 'message-done', to: input.to, token: input.token, arrived: false });
      }
      return;
    }
    case 'random':
      turn.update({ random: input.octets, randomAsked: false });
      return;
    case 'reachable':
      hasten(turn, input.peer);
      return;
    case 'unreachable':
      giveUpMessages(turn, input.peer);
      return;
    default:
      return;
  }
}
