import { defineMessages } from '../messages';

export const messages = defineMessages({ title: 'home' }, { title: 'home' });
