import { defineMessages } from '../messages';

export const messages = defineMessages(
  {
    title: 'Support Center',
  },
  {
    title: 'サポートセンター',
  },
);
