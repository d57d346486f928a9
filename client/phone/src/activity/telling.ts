import { language } from '@cardea/client-ui';

/** Whether notices are shown by the device: it cannot, the browser forbids it, or as the person chose. */
export type Telling = 'unable' | 'blocked' | 'off' | 'on';

/** Whose notices are shown; whoever signs in next is asked anew. */
const WHERE_IT_IS_KEPT = 'cardea.notices-of';

/** As it stands for a person. */
export function tellingOf(personId: string | undefined): Telling {
  // Browsers on an iPhone have it only for an app that is on the home screen.
  if (!('Notification' in globalThis)) return 'unable';
  if (Notification.permission === 'denied') return 'blocked';
  const chosen = personId !== undefined && localStorage.getItem(WHERE_IT_IS_KEPT) === personId;
  return chosen && Notification.permission === 'granted' ? 'on' : 'off';
}

/** The person wants it: the browser asks for its own permission. Must be called by a click or key. */
export async function allowTelling(personId: string): Promise<Telling> {
  if ((await Notification.requestPermission()) === 'granted') localStorage.setItem(WHERE_IT_IS_KEPT, personId);
  return tellingOf(personId);
}

/** The person wants it no longer. */
export function stopTelling(): Telling {
  localStorage.removeItem(WHERE_IT_IS_KEPT);
  return tellingOf(undefined);
}

/** Shows a notice by the device. Of one `tag` there is never more than one, however many windows are open. */
export async function tell(
  title: string,
  { body, tag }: { readonly body: string; readonly tag: string },
): Promise<void> {
  const options = { body, tag, icon: '/phone/icons/icon-192.png', lang: language() };
  // Android shows none but those of a service worker.
  const worker = await navigator.serviceWorker.getRegistration();
  if (worker !== undefined) await worker.showNotification(title, options);
  else new Notification(title, options).onclick = () => window.focus();
}
