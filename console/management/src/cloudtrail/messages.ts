import { defineMessages } from '../messages';

export const messages = defineMessages(
  {
    title: 'Event history',
  },
  {
    title: 'イベント履歴',
  },
);
