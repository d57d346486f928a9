import type { Page } from 'playwright-core';

/** The browser's list of devices, as somebody who looks for one by name uses it. */
export interface BluetoothChooser {
  /** Names of the devices that the last list showed. */
  readonly listed: readonly string[];
  /** Closes the next list without a choice. */
  cancelNext(): void;
  /** Answers no more lists. */
  close(): Promise<void>;
}

/** From now on chooses the first device whose name `wanted` matches, as soon as the page's list of devices shows it. */
export async function chooseBluetoothDevice(page: Page, wanted: RegExp): Promise<BluetoothChooser> {
  const session = await page.context().newCDPSession(page);
  const answered = new Set<string>();
  let listed: readonly string[] = [];
  let cancel = false;
  // The same list comes again with each device that was heard since.
  session.on('DeviceAccess.deviceRequestPrompted', ({ id, devices }) => {
    listed = devices.map(({ name }) => name);
    if (answered.has(id)) return;
    const chosen = devices.find(({ name }) => wanted.test(name));
    if (!cancel && chosen === undefined) return;
    answered.add(id);
    const answer =
      cancel || chosen === undefined
        ? session.send('DeviceAccess.cancelPrompt', { id })
        : session.send('DeviceAccess.selectPrompt', { id, deviceId: chosen.id });
    cancel = false;
    // The page may have closed its list meanwhile.
    answer.catch(() => undefined);
  });
  await session.send('DeviceAccess.enable');
  return {
    get listed() {
      return listed;
    },
    cancelNext() {
      cancel = true;
    },
    close: () => session.detach(),
  };
}
