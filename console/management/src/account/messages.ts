import { defineMessages } from '../messages';

export const messages = defineMessages({ title: 'account' }, { title: 'account' });
