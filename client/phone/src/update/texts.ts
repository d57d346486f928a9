import { defineTexts } from '@cardea/client-ui';

export const updateTexts = defineTexts('update', {
  newer: ['A new version of this app is there.', '此应用有新版本。'],
  reload: ['Reload', '重新加载'],
});
