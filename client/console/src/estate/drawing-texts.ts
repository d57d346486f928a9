import { defineTexts } from '@cardea/client-ui';

/** What is said of the picture behind a floor's plan. */
export const drawingTexts = defineTexts('drawing', {
  drawing: ['Drawing', '底图'],
  of: ['Drawing of {{name}}', '{{name}} 的底图'],
  why: [
    'A picture of the floor, such as a fire escape plan. It stands behind the doors when they are placed.',
    '楼层图片，例如消防疏散图。摆放门时显示在其后。',
  ],
  file: ['Picture', '图片'],
  fileWhy: [
    'PNG, JPEG or WebP, at most 1 MiB. SVG and PDF are not taken: they can hold programs.',
    'PNG、JPEG 或 WebP，不超过 1 MiB。不接受可包含程序的 SVG 和 PDF。',
  ],
  bad: ['This is no PNG, JPEG or WebP of at most 1 MiB.', '不是 1 MiB 以内的 PNG、JPEG 或 WebP 图片。'],
  save: ['Put it there', '保存'],
  saved: ['The drawing is there', '底图已保存'],
  remove: ['Take it away', '移除'],
  removed: ['The drawing is gone', '底图已移除'],
  none: ['There is no drawing of this floor yet.', '该楼层还没有底图。'],
});
