/** The texts of the console's app, from the catalogues that its pages have. */
import { messages as account } from '../../management/src/account/messages.ts';
import { messages as credentials } from '../../management/src/credentials/messages.ts';
import { messages as home } from '../../management/src/home/messages.ts';
import { dashboardMessages } from '../../management/src/iam/dashboardMessages.ts';
import { groupMessages } from '../../management/src/iam/groups/messages.ts';
import { messages as iam } from '../../management/src/iam/messages.ts';
import { settingsMessages } from '../../management/src/iam/settings/messages.ts';
import { userMessages } from '../../management/src/iam/users/messages.ts';
import { accessMessages } from '../../management/src/identity-center/accessMessages.ts';
import { accountMessages } from '../../management/src/identity-center/accounts/messages.ts';
import { dashboardMessages as identityCenterDashboard } from '../../management/src/identity-center/dashboard/messages.ts';
import { enableMessages } from '../../management/src/identity-center/enable/messages.ts';
import { messages as identityCenterNavigation } from '../../management/src/identity-center/messages.ts';
import { peopleMessages } from '../../management/src/identity-center/peopleMessages.ts';
import { setMessages } from '../../management/src/identity-center/permission-sets/messages.ts';
import { settingsMessages as identityCenterSettings } from '../../management/src/identity-center/settings/messages.ts';
import { userMessages as peopleOfDirectory } from '../../management/src/identity-center/users/messages.ts';
import { accountsMessages as organizationAccounts } from '../../management/src/organizations/accounts/messages.ts';
import { invitationsMessages } from '../../management/src/organizations/invitations/messages.ts';
import { messages as organization } from '../../management/src/organizations/messages.ts';
import { policiesMessages } from '../../management/src/organizations/policies/messages.ts';
import { unitsMessages } from '../../management/src/organizations/units/messages.ts';
import { shellMessages } from '../../management/src/messages.shell.ts';
import { messages as own } from '../../management/src/security-credentials/messages.ts';
import { messages as ui } from '../../management/src/ui/messages.ts';
import type { Language } from './words.ts';

/** Cloudscape's own. */
const wizard = { en: { next: 'Next' }, ja: { next: '次へ' } };

export const consoleWords = (language: Language) => ({
  shell: shellMessages[language],
  home: home[language],
  account: account[language],
  /** Of the parts that sections share. */
  ui: ui[language],
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
  /** Of AWS Organizations. */
  organizations: {
    ...organization[language],
    accounts: organizationAccounts[language],
    units: unitsMessages[language],
    policies: policiesMessages[language],
    invitations: invitationsMessages[language],
  },
  /** Of IAM Identity Center; each part has its own. */
  center: {
    navigation: identityCenterNavigation[language],
    shared: peopleMessages[language],
    access: accessMessages[language],
    enable: enableMessages[language],
    dashboard: identityCenterDashboard[language],
    settings: identityCenterSettings[language],
    users: peopleOfDirectory[language],
    sets: setMessages[language],
    accounts: accountMessages[language],
  },
});

export type ConsoleWords = ReturnType<typeof consoleWords>;
