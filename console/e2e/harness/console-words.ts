/** The texts of the console's app, from the catalogues that its pages have. */
import { messages as account } from '../../management/src/account/messages.ts';
import { messages as credentials } from '../../management/src/credentials/messages.ts';
import { messages as home } from '../../management/src/home/messages.ts';
import { dashboardMessages } from '../../management/src/iam/dashboardMessages.ts';
import { groupMessages } from '../../management/src/iam/groups/messages.ts';
import { messages as iam } from '../../management/src/iam/messages.ts';
import { settingsMessages } from '../../management/src/iam/settings/messages.ts';
import { userMessages } from '../../management/src/iam/users/messages.ts';
import { shellMessages } from '../../management/src/messages.shell.ts';
import { messages as own } from '../../management/src/security-credentials/messages.ts';
import type { Language } from './words.ts';

/** Cloudscape's own. */
const wizard = { en: { next: 'Next' }, ja: { next: '次へ' } };

export const consoleWords = (language: Language) => ({
  shell: shellMessages[language],
  home: home[language],
  account: account[language],
  iam: iam[language],
  dashboard: dashboardMessages[language],
  users: userMessages[language],
  groups: groupMessages[language],
  settings: settingsMessages[language],
  /** Access keys and MFA devices, whoever's they are. */
  credentials: credentials[language],
  /** The page of one's own security credentials. */
  own: own[language],
  wizard: wizard[language],
});

export type ConsoleWords = ReturnType<typeof consoleWords>;
