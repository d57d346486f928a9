import { defineTexts } from '@cardea/client-ui';

/** What is said everywhere in the app. */
export const appTexts = defineTexts('app', {
  name: ['Cardea console', 'Cardea 控制台'],
  short: ['Cardea', 'Cardea'],
});
