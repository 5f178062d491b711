import Autosuggest from '@cloudscape-design/components/autosuggest';
import type { ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { localeNames, locales, useLocale, type Locale } from '../../shared/locale';
import { useConsole } from './console';
import { useMessages } from './messages';
import { shellMessages } from './messages.shell';
import { useNotify } from './notify';
import { searchSections } from './sections';
import { groupedAccountId, type ConsoleSession } from './session';
import { postAndLeave } from './signOut';
import { useWide } from './useWide';

/** The bar at the top: services, support, account, Region, language, and who is signed in (E-03, E-04, E-07…E-09). */
export function Navigation() {
  const { locale, t: shared, chooseLocale } = useLocale();
  const t = useMessages(shellMessages);
  const { session, region, chooseRegion } = useConsole();
  const notify = useNotify();
  const wide = useWide();
  const accountId = groupedAccountId(session.accountId);

  const copyAccountId = async () => {
    try {
      await navigator.clipboard.writeText(session.accountId);
      notify({ type: 'success', content: t.nav.copied });
    } catch {
      notify({ type: 'warning', content: t.nav.copyFailed });
    }
  };

  const leave = async (path: string, fallback: string, failed: string) => {
    const next = await postAndLeave(path, fallback);
    if (next === undefined) notify({ type: 'error', content: failed });
    else location.assign(next);
  };

  const onAccountItem = ({ id }: ButtonDropdownProps.ItemClickDetails) => {
    if (id === 'sign-out') void leave(session.links.signOut, '/', t.nav.signOutFailed);
    if (id === 'switch-back') void leave(session.links.switchBack, '/', t.nav.switchBackFailed);
    if (id === 'account-id') void copyAccountId();
  };

  const utilities: TopNavigationProps.Utility[] = [
    {
      type: 'menu-dropdown',
      iconName: 'support',
      disableTextCollapse: wide, // E-07
      text: t.nav.support,
      ariaLabel: t.nav.support,
      items: [
        { id: 'center', text: t.nav.supportCenter, href: '/support/home' },
        { id: 'help', text: t.nav.help, href: session.links.help, external: true },
        { id: 'glossary', text: t.nav.glossary, href: session.links.glossary, external: true },
        { id: 'contact', text: t.nav.contact, href: session.links.contact, external: true },
      ].filter(({ href }) => href),
    },
    {
      type: 'menu-dropdown',
      text: region,
      title: t.nav.region,
      ariaLabel: `${t.nav.region}: ${region}`,
      items: session.regions.map((id) => ({ id, text: id, disabled: id === region })),
      onItemClick: ({ detail }) => chooseRegion(detail.id),
    },
    {
      type: 'button',
      text: accountId,
      iconName: 'copy',
      disableTextCollapse: wide, // E-04
      ariaLabel: `${t.nav.copyAccountId}: ${accountId}`,
      onClick: () => void copyAccountId(),
    },
    {
      type: 'menu-dropdown',
      iconName: 'globe',
      text: localeNames[locale],
      title: t.nav.language,
      ariaLabel: `${t.nav.language}: ${localeNames[locale]}`,
      items: locales.map((id) => ({ id, text: localeNames[id], lang: id, disabled: id === locale })),
      onItemClick: ({ detail }) => chooseLocale(detail.id as Locale),
    },
    {
      type: 'menu-dropdown',
      ...(session.switched ? { iconSvg: <RoleColor color={session.color} /> } : { iconName: 'user-profile' as const }),
      text: shortened(whoAmI(session)),
      description: t.nav.signedInAs(signedInAs(session, t.nav.rootUser)),
      // As shown, so that who speaks to the page finds it by what stands there; the whole name is in the menu.
      ariaLabel: `${t.nav.account}: ${shortened(whoAmI(session))}`,
      disableUtilityCollapse: true,
      disableTextCollapse: wide, // E-03
      expandableGroups: false,
      items: accountItems(session, t, locale),
      onItemClick: ({ detail }) => onAccountItem(detail),
    },
  ];

  return (
    <TopNavigation
      identity={{ href: '/', title: t.product }}
      search={<ServiceSearch />}
      utilities={utilities}
      i18nStrings={{
        searchIconAriaLabel: t.search.label,
        searchDismissIconAriaLabel: shared.navigation.close,
        overflowMenuTriggerText: shared.navigation.more,
        overflowMenuTitleText: shared.navigation.menu,
        overflowMenuBackIconAriaLabel: shared.navigation.back,
        overflowMenuDismissIconAriaLabel: shared.navigation.close,
      }}
    />
  );
}

/** The top-right corner: the account's name, the user at the account, or the role's display name (E-03). */
export function whoAmI(session: ConsoleSession): string {
  const account = session.alias || groupedAccountId(session.accountId);
  if (session.kind === 'root') return session.accountName || account;
  if (session.displayName) return session.displayName;
  // As in the ARN, <role>/<session>: the session's name alone does not tell which role.
  const name = session.kind === 'role' ? session.arn.slice(session.arn.indexOf('/') + 1) : session.userName;
  return `${name} @ ${account}`;
}

/** Names of roles from a portal are long; their middle tells least. */
function shortened(name: string): string {
  const most = 36;
  return name.length <= most ? name : `${name.slice(0, most / 2)}…${name.slice(1 - most / 2)}`;
}

function signedInAs(session: ConsoleSession, rootUser: string): string {
  return session.kind === 'root' ? `${rootUser} (${session.email})` : session.arn;
}

function accountItems(session: ConsoleSession, t: ReturnType<typeof useMessages<(typeof shellMessages)['en']>>, locale: Locale): ButtonDropdownProps.Items {
  const ends = new Date(session.expiresAt).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const { links } = session;
  const roles: ButtonDropdownProps.ItemOrGroup[] = [];
  if (session.switched) roles.push({ id: 'switch-back', text: t.nav.switchBack(session.switchedFrom) });
  // AWS lets no root user switch roles (behaviours 8.4).
  if (session.kind !== 'root' && links.switchRole) {
    roles.push({ id: 'switch-role', text: t.nav.switchRole, href: links.switchRole });
    if (links.roleHistory.length > 0) {
      roles.push({
        id: 'role-history',
        text: t.nav.roleHistory,
        items: links.roleHistory.map((role) => ({
          id: `role:${role.account}/${role.roleName}`,
          text: role.displayName || `${role.roleName} @ ${role.account}`,
          iconSvg: <RoleColor color={role.color} />,
          href: switchRoleUrl(links.switchRole, role),
        })),
      });
    }
  }
  return [
    { id: 'account-id', text: `${t.nav.accountId}: ${groupedAccountId(session.accountId)}`, iconName: 'copy', iconAlt: t.nav.copyAccountId },
    { id: 'session-ends', text: t.nav.sessionEnds(ends), disabled: true },
    {
      id: 'pages',
      items: [
        { id: 'account', text: t.nav.accountPage, href: '/account' },
        { id: 'billing', text: t.nav.billing, href: '/billing/home' },
        // A role has no password, MFA device or access key of its own.
        ...(session.kind === 'role' ? [] : [{ id: 'credentials', text: t.nav.credentials, href: '/security-credentials' }]),
      ],
    },
    ...(roles.length > 0 ? [{ id: 'roles', items: roles.filter((item) => !('items' in item)) }, ...roles.filter((item) => 'items' in item)] : []),
    { id: 'end', items: [{ id: 'sign-out', text: t.nav.signOut }] },
  ];
}

function switchRoleUrl(path: string, { account, roleName, displayName, color }: ConsoleSession['links']['roleHistory'][number]): string {
  const url = new URL(path, location.origin);
  url.searchParams.set('account', account);
  url.searchParams.set('roleName', roleName);
  if (displayName) url.searchParams.set('displayName', displayName);
  if (color) url.searchParams.set('color', color.replace(/^#/, ''));
  return url.href;
}

/** A dot in the colour that the person chose for the role; presentation attributes need no style. */
function RoleColor({ color }: { color: string }) {
  const fill = /^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace(/^#/, '')}` : 'currentColor';
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r="6" fill={fill} stroke="currentColor" />
    </svg>
  );
}

function ServiceSearch() {
  const { locale } = useLocale();
  const t = useMessages(shellMessages).search;
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  return (
    <Autosuggest
      value={words}
      onChange={({ detail }) => setWords(detail.value)}
      onSelect={({ detail }) => {
        // What is chosen may be typed words: then the best match is meant.
        const entry = searchSections(words).find(({ href }) => href === detail.value) ?? searchSections(words)[0];
        setWords('');
        if (entry) void navigate(entry.href);
      }}
      options={searchSections(words).map(({ href, title, description }) => ({ value: href, label: title[locale], description: description[locale] }))}
      filteringType="manual"
      hideEnteredTextOption
      enteredTextLabel={t.enter}
      empty={t.none}
      ariaLabel={t.label}
      placeholder={t.placeholder}
    />
  );
}
