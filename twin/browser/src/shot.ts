import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where pictures of pages are kept: `$SCREENS`, else `.cache/screens` of the folder in which the tests run. */
export function screensFolder(): string {
  return process.env.SCREENS || join(process.cwd(), '.cache', 'screens');
}

/** Keeps a picture of the whole page as `NAME.png`; a slash in the name makes a folder. Answers its path. */
export async function shot(page: Page, name: string): Promise<string> {
  const path = join(screensFolder(), `${name}.png`);
  await page.screenshot({ path, fullPage: true, animations: 'disabled', caret: 'hide' });
  return path;
}
