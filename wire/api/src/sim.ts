import Type, { type Static } from 'typebox';
import { Id, LockIdentifier, page, strict, Time } from './common.ts';

/** Faults and presses of virtual locks and gateways, each with the values that it takes. */
export const simFaults = {
  jam: { pattern: '^(on|off)$', values: 'on or off' },
  battery: { pattern: '^([0-9]|[1-9][0-9]|100)$', values: '0 to 100 (percent)' },
  range: { pattern: '^(in|out)$', values: 'in or out' },
  clock: { pattern: '^[+-]?[0-9]{1,9}$', values: 'seconds to step by, such as +125 or -3600' },
  door: { pattern: '^(open|closed)$', values: 'open or closed' },
  press: { pattern: '^(button|[0-9A-Za-z-]{4,32})$', values: 'button, or the printed code' },
  pin: { pattern: '^[0-9]{4,12}$', values: 'what is entered at the keypad, 4 to 12 digits' },
  tamper: { pattern: '^(on|off)$', values: 'on or off' },
  delay: { pattern: '^[0-9]{1,4}([.][0-9]{1,3})?$', values: 'seconds by which answers are held, such as 12' },
  gateway: { pattern: '^(on|off|kill)$', values: 'on, off or kill' },
} as const;

/** Name of a fault. */
export type SimFaultName = keyof typeof simFaults;

/** Every fault. */
export const simFaultNames = Object.keys(simFaults) as readonly SimFaultName[];

/** Parameters of POST /v1/sim/{fault}. */
export const SimParams = strict({ fault: Type.Enum([...simFaultNames]) });

/** Body of POST /v1/sim/{fault}: exactly one of door_id, identifier (a lock on no door yet) and gateway_id. */
export const SimFault = strict({
  door_id: Type.Optional(Id),
  identifier: Type.Optional(LockIdentifier),
  gateway_id: Type.Optional(Id),
  value: Type.String({ minLength: 1, maxLength: 32 }),
});
export type SimFault = Static<typeof SimFault>;

/** A message that was written down instead of sent; its text holds the code. */
export const OutboxMessage = Type.Object(
  {
    channel: Type.Enum(['email', 'sms']),
    at: Time,
    to: Type.String(),
    subject: Type.String(),
    text: Type.String(),
  },
  { title: 'OutboxMessage' },
);
export type OutboxMessage = Static<typeof OutboxMessage>;
export const OutboxPage = page(OutboxMessage);
