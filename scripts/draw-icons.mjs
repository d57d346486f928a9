// Draws the phone app's icons from their one drawing, in Chromium. Run again when the drawing changes.
//   node scripts/draw-icons.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '@cardea/twin-browser';

const app = join(dirname(dirname(fileURLToPath(import.meta.url))), 'client', 'phone');
const folder = join(app, 'public', 'icons');
const drawing = readFileSync(join(app, 'icon.svg'), 'utf8');
/** Home screens of Android and desktops; 180 is what an iPhone takes. */
const SIZES = [180, 192, 512];

const browser = await launchBrowser();
try {
  for (const size of SIZES) {
    const { page, close } = await browser.open({ size: { width: size, height: size, touch: false } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`);
    writeFileSync(join(folder, `icon-${size}.png`), await page.screenshot());
    await close();
  }
} finally {
  await browser.close();
}
