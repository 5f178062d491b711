import Button from '@cloudscape-design/components/button';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLocale } from '../../shared/locale';
import { Navigation } from './Navigation';
import { AccountsTab } from './accounts/AccountsTab';
import { usePortal } from './context';
import { routeHash } from './route';
import { useSessionEnded } from '../../shared/sessionEnd';
import { signOut } from './signOut';
import { useRoute } from './useRoute';

export function App() {
  const { t } = useLocale();
  const { session, sessionEnd, signIn } = usePortal();
  const [route, setRoute] = useRoute();
  const sessionEnded = useSessionEnded(sessionEnd);
  const queries = useQueryClient();
  const [signOutState, setSignOutState] = useState<'idle' | 'running' | 'failed'>('idle');

  useEffect(() => {
    document.title = t.portal.documentTitle(session.organizationName);
  }, [t, session.organizationName]);

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

  return (
    <>
      <div className="portal-header">
        <Navigation onSignOut={handleSignOut} signingOut={signOutState === 'running'} />
      </div>
      <main className="portal-main">
        <SpaceBetween size="l">
          {notices.length > 0 && <Flashbar items={notices} />}
          <Header variant="h1" description={t.portal.description}>
            {session.organizationName || t.portal.title}
          </Header>
          <Tabs
            activeTabId={route.tab}
            ariaLabel={t.portal.title}
            tabs={[
              {
                id: 'accounts',
                label: t.accounts.tab,
                content: <AccountsTab route={route} onRouteChange={setRoute} />,
              },
            ]}
          />
        </SpaceBetween>
      </main>
    </>
  );
}
