import { defineMessages } from '../messages';

export const messages = defineMessages({ title: 'billing' }, { title: 'billing' });
