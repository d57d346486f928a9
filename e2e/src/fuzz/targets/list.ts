import type { LoadTarget } from '../target.ts';

/** Every target by name, loaded when it is wanted: V8 counts blocks only of what it compiles after coverage began. */
export const TARGETS: Readonly<Record<string, LoadTarget>> = {
  octets: async () => (await import('./octets.ts')).octetsTarget(),
  utf8: async () => (await import('./xmpp.ts')).utf8Target(),
  jid: async () => (await import('./xmpp.ts')).jidTarget(),
  'xml-stream': async () => (await import('./xmpp.ts')).xmlStreamTarget(),
  route: async () => (await import('./text.ts')).routeTarget(),
  air: async () => (await import('./text.ts')).airTarget(),
  'hub-file': async () => (await import('./text.ts')).hubFileTarget(),
  manifest: async () => (await import('./text.ts')).manifestTarget(),
  'server-sent-events': async () => (await import('./text.ts')).serverSentEventsTarget(),
  'server-config': async () => (await import('./files.ts')).configTarget(),
  'cli-profile': async () => (await import('./files.ts')).profileTarget(),
  'lock-frames': async () => (await import('./lock.ts')).lockFramesTarget(),
  'lock-advertisement': async () => (await import('./lock.ts')).lockAdvertisementTarget(),
  'lock-agreement': async () => (await import('./lock.ts')).lockAgreementTarget(),
  'lock-link': async () => (await import('./lock.ts')).lockLinkTarget(),
  'lock-flash': async () => (await import('./lock.ts')).lockFlashTarget(),
  'lock-device': async () => (await import('./lock.ts')).lockDeviceTarget(),
  'lock-controller': async () => (await import('./lock.ts')).lockControllerTarget(),
  'maker2-messages': async () => (await import('./maker2.ts')).maker2MessagesTarget(),
  'maker2-advertisement': async () => (await import('./maker2.ts')).maker2AdvertisementTarget(),
  'maker2-link': async () => (await import('./maker2.ts')).maker2LinkTarget(),
  'maker2-flash': async () => (await import('./maker2.ts')).maker2FlashTarget(),
  'maker2-machines': async () => (await import('./maker2.ts')).maker2MachinesTarget(),
  http: async () => (await import('./http.ts')).httpTarget(),
};
