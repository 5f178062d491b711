import { defineMessages } from '../messages';

export const messages = defineMessages(
  {
    title: 'IAM',
  },
  {
    title: 'IAM',
  },
);
