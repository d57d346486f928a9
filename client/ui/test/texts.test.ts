import { chooseLanguage, defineTexts, say } from '@cardea/client-ui';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const texts = defineTexts('a part: of a test', {
  plain: ['Plain', '普通'],
  'grants:write': ['Grants {{name}}', '授权 {{name}}'],
  'lock.order_taken': ['Taken', '已接受'],
  'a.b:c.d:e': ['All of them', '全部'],
  'door:opened_one': ['{{count}} opening', '{{count}} 次'],
  'door:opened_other': ['{{count}} openings', '{{count}} 次'],
});

describe('a text', () => {
  beforeEach(() => {
    vi.stubGlobal('localStorage', { setItem: () => {} });
  });

  afterEach(async () => {
    await chooseLanguage('en');
    vi.unstubAllGlobals();
  });

  it('is said whatever its key and the name of its table hold', async () => {
    const all = () => [
      say(texts, 'plain'),
      say(texts, 'grants:write', { name: 'a:b' }),
      say(texts, 'lock.order_taken'),
      say(texts, 'a.b:c.d:e'),
      say(texts, 'door:opened', { count: 1 }),
    ];
    expect(all()).toEqual(['Plain', 'Grants a:b', 'Taken', 'All of them', '1 opening']);
    expect(say(texts, 'door:opened', { count: 2 })).toBe('2 openings');
    await chooseLanguage('zh');
    expect(all()).toEqual(['普通', '授权 a:b', '已接受', '全部', '1 次']);
  });
});
