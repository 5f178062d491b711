import TopNavigation from '@cloudscape-design/components/top-navigation';
import { localeNames, locales, useLocale, type Locale } from '../../shared/locale';
import { usePortal } from './context';
import { SESSIONS_HASH } from './route';

const PASSWORD = 'password';

interface NavigationProps {
  onSignOut: () => void;
  onPassword: () => void;
  signingOut: boolean;
}

/** The bar at the top: what this is, the language, who is signed in and what is theirs, and the way out (L-04). */
export function Navigation({ onSignOut, onPassword, signingOut }: NavigationProps) {
  const { locale, t, chooseLocale } = useLocale();
  const { session } = usePortal();
  const { userName, displayName, email } = session.user;
  const sessionEnds = new Date(session.sessionExpiresAt).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <TopNavigation
      identity={{ href: '/start', title: t.portal.title }}
      i18nStrings={{
        searchIconAriaLabel: '',
        searchDismissIconAriaLabel: '',
        overflowMenuTriggerText: t.navigation.more,
        overflowMenuTitleText: t.navigation.menu,
        overflowMenuBackIconAriaLabel: t.navigation.back,
        overflowMenuDismissIconAriaLabel: t.navigation.close,
      }}
      utilities={[
        {
          type: 'menu-dropdown',
          iconName: 'globe',
          text: localeNames[locale],
          ariaLabel: `${t.navigation.language}: ${localeNames[locale]}`,
          items: locales.map((id) => ({ id, text: localeNames[id], lang: id, disabled: id === locale })),
          onItemClick: ({ detail }) => chooseLocale(detail.id as Locale),
        },
        {
          type: 'menu-dropdown',
          iconName: 'user-profile',
          text: displayName || userName,
          ariaLabel: `${t.navigation.user}: ${displayName || userName}`,
          description: email,
          items: [
            { id: 'user-name', text: t.navigation.userName(userName), disabled: true },
            { id: 'session-ends', text: t.navigation.sessionEnds(sessionEnds), disabled: true },
            { id: 'mfa-devices', text: t.navigation.mfaDevices, href: session.mfaDevicesUrl },
            { id: 'sessions', text: t.navigation.sessions, href: SESSIONS_HASH },
            { id: PASSWORD, text: t.navigation.password },
          ],
          onItemClick: ({ detail }) => {
            if (detail.id === PASSWORD) onPassword();
          },
        },
        {
          type: 'button',
          text: signingOut ? t.navigation.signingOut : t.navigation.signOut,
          disableUtilityCollapse: true,
          disableTextCollapse: true,
          onClick: onSignOut,
        },
      ]}
    />
  );
}
