import Button from '@cloudscape-design/components/button';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocale } from '../../shared/locale';
import { toFailure } from '../../shared/failure';
import { useSessionEnded } from '../../shared/sessionEnd';
import { Navigation } from './Navigation';
import { PasswordDialog } from './PasswordDialog';
import { AccountsTab } from './accounts/AccountsTab';
import { ApplicationsTab } from './applications/ApplicationsTab';
import { usePortal } from './context';
import { routeHash, type Route } from './route';
import { SessionsPage } from './sessions/SessionsPage';
import { signOut } from './signOut';
import { useBookmarkHint } from './useBookmarkHint';
import { useFavourites } from './useFavourites';
import { useRoute } from './useRoute';

export function App() {
  const { t } = useLocale();
  const { session, sessionEnd, signIn } = usePortal();
  const [route, setRoute] = useRoute();
  const sessionEnded = useSessionEnded(sessionEnd);
  const queries = useQueryClient();
  const [signOutState, setSignOutState] = useState<'idle' | 'running' | 'failed'>('idle');

  const [password, setPassword] = useState(false);
  const favourites = useFavourites();
  const [bookmarkHint, takeHintAway] = useBookmarkHint();

  useEffect(() => {
    document.title = route.tab === 'sessions' ? t.sessions.title : t.portal.documentTitle(session.organizationName);
  }, [t, route.tab, session.organizationName]);

  // The address always tells the tab, so that it can be copied at any time.
  useEffect(() => {
    if (location.hash !== routeHash(route)) setRoute(route);
  }, [route, setRoute]);

  const handleSignOut = async () => {
    setSignOutState('running');
    if (await signOut(session.signOutPath)) {
      queries.clear();
      signIn();
    } else {
      setPassword(false);
      setSignOutState('failed');
    }
  };

  const notices: FlashbarProps.MessageDefinition[] = [];
  if (sessionEnded) {
    notices.push({
      id: 'session-ended',
      type: 'warning',
      ariaRole: 'alert',
      header: t.session.endedTitle,
      content: t.session.endedText,
      action: <Button onClick={signIn}>{t.session.signInAgain}</Button>,
    });
  }
  if (signOutState === 'failed') {
    notices.push({
      id: 'sign-out-failed',
      type: 'error',
      ariaRole: 'alert',
      content: t.navigation.signOutFailed,
      dismissible: true,
      dismissLabel: t.navigation.dismiss,
      onDismiss: () => setSignOutState('idle'),
    });
  }

  if (favourites.error && !sessionEnded) {
    notices.push({
      id: 'favourite-failed',
      type: 'error',
      ariaRole: 'alert',
      header: t.favourites.failed,
      content: toFailure(favourites.error).detail ?? t.failure.unreachableText,
      dismissible: true,
      dismissLabel: t.navigation.dismiss,
      onDismiss: favourites.dismiss,
    });
  }
  if (bookmarkHint && route.tab !== 'sessions' && notices.length === 0) {
    notices.push({
      id: 'bookmark',
      type: 'info',
      header: t.bookmark.title,
      content: (
        <>
          {t.bookmark.text} <span className="account-details">{session.startUrl}</span>
        </>
      ),
      dismissible: true,
      dismissLabel: t.navigation.dismiss,
      onDismiss: takeHintAway,
    });
  }

  return (
    <>
      <div className="portal-header">
        <Navigation onSignOut={handleSignOut} onPassword={() => setPassword(true)} signingOut={signOutState === 'running'} />
      </div>
      <main className="portal-main">
        <SpaceBetween size="l">
          {notices.length > 0 && <Flashbar items={notices} />}
          {route.tab === 'sessions' ? (
            <SessionsPage />
          ) : (
            <>
              <Header variant="h1" description={t.portal.description}>
                {session.organizationName || t.portal.title}
              </Header>
              <Tabs
                activeTabId={route.tab}
                ariaLabel={t.portal.title}
                onChange={({ detail }) => {
                  location.hash = routeHash({ tab: detail.activeTabId as Route['tab'], filter: '', page: 1 });
                }}
                tabs={[
                  {
                    id: 'accounts',
                    label: t.accounts.tab,
                    content: route.tab === 'accounts' && <AccountsTab route={route} onRouteChange={setRoute} favourites={favourites} />,
                  },
                  {
                    id: 'applications',
                    label: t.applications.tab,
                    content: route.tab === 'applications' && <ApplicationsTab route={route} onRouteChange={setRoute} favourites={favourites} />,
                  },
                ]}
              />
            </>
          )}
        </SpaceBetween>
      </main>
      {password && <PasswordDialog onSignOut={handleSignOut} onClose={() => setPassword(false)} />}
    </>
  );
}
