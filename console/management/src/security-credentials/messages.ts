import { defineMessages } from '../messages';

export const messages = defineMessages({ title: 'security-credentials' }, { title: 'security-credentials' });
