import { defineTexts } from '@cardea/client-ui';

export const partTexts = defineTexts('parts', {
  cancel: ['Cancel', '取消'],
  busy: ['One moment …', '请稍候……'],
});
