export { createXmppDoor, GATEWAY_SESSION_LIMITS, type XmppDoor, type XmppDoorOptions } from './door.ts';
export type { Connection, Received } from './gateway-stream.ts';
export { listenXmpp, type XmppListener, type XmppListenOptions } from './listen.ts';
