export type { Connection, Received, TlsConnection } from './connection.ts';
export { createXmppDoor, GATEWAY_SESSION_LIMITS, type XmppDoor, type XmppDoorOptions } from './door.ts';
export { listenXmpp, type XmppListener, type XmppListenOptions } from './listen.ts';
