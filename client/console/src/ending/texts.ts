import { defineTexts } from '@cardea/client-ui';

/** What is said of keys, cards and PINs that ended. */
export const endingListTexts = defineTexts('ending-list', {
  label: ['Until when each can still open', '每扇门的最后可开时间'],
  door: ['Door', '门'],
  person: ['Person', '人员'],
  ending: ['At the door itself', '在门上'],
  stillOpens: ['may still open', '仍可能开门'],
  opensNot: ['cannot open', '无法开门'],
  nothingHeld: [
    'Nothing was held that opens at a door, so nothing opens any more.',
    '没有可在门上使用的凭证，因此已完全失效。',
  ],
  waiting: [
    'The lock is being told. This list follows it: once the lock has acknowledged, nothing that was held opens any more.',
    '正在通知门锁，此列表会随之更新：门锁确认后，已发放的凭证即无法开门。',
  ],
});
