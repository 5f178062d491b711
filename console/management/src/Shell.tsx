import Alert from '@cloudscape-design/components/alert';
import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import Box from '@cloudscape-design/components/box';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Button from '@cloudscape-design/components/button';
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import Spinner from '@cloudscape-design/components/spinner';
import { useEffect, useState, type ReactNode } from 'react';
import { Outlet, useLocation, useMatches, useNavigate, useNavigation } from 'react-router';
import { useLocale } from '../../shared/locale';
import { useSessionEnded, type SessionEnd } from '../../shared/sessionEnd';
import { CrashBoundary } from '../../shared/ui/CrashBoundary';
import { useConsole } from './console';
import { followLinks } from './links';
import { useMessages } from './messages';
import { shellMessages } from './messages.shell';
import { Navigation } from './Navigation';
import { NotifyProvider, Notices } from './notify';
import { blankPage, PageProvider, usePageTitle } from './page';
import type { Section } from './section';
import { sectionAt } from './sections';
import { rememberSection } from './storage';

const HEADER_ID = 'console-header';

/** The frame of every page: navigation bar, side navigation, breadcrumbs, notices, content. */
export function Shell() {
  const navigate = useNavigate();
  const { pathname, hash } = useLocation();
  const section = useMatches().find(({ id }) => id === sectionAt(pathname)?.id)?.handle as Section | undefined;
  const waiting = useNavigation().state === 'loading';

  useEffect(() => followLinks(document, (to) => void navigate(to)), [navigate]);
  useEffect(() => {
    const entry = sectionAt(pathname);
    if (entry && entry.id !== 'home') rememberSection(entry.id);
  }, [pathname]);
  // A new page is read from its top, unless the link names a part of it.
  useEffect(() => {
    if (pathname && !location.hash) scrollTo(0, 0);
  }, [pathname]);
  // AWS's former address of the page.
  useEffect(() => {
    if (pathname === '/iam/home' && hash.startsWith('#/security_credential')) void navigate('/security-credentials', { replace: true });
  }, [pathname, hash, navigate]);

  return (
    <Frame section={section} waiting={waiting}>
      {/* Keyed, so that leaving a page on which a defect showed leaves the defect. */}
      <CrashBoundary key={pathname}>
        <Outlet />
      </CrashBoundary>
    </Frame>
  );
}

/** Until the first page's code has come. */
export function ShellWaiting() {
  const t = useMessages(shellMessages);
  return (
    <Frame section={undefined} waiting>
      <Box textAlign="center" padding="xxl">
        <Spinner size="large" />
        <Box variant="p" color="text-body-secondary">
          {t.loading}
        </Box>
      </Box>
    </Frame>
  );
}

function Frame({ section, waiting, children }: { section: Section | undefined; waiting: boolean; children: ReactNode }) {
  const t = useMessages(shellMessages);
  const [page, setPage] = useState(blankPage);
  const [navigationOpen, setNavigationOpen] = useState(() => innerWidth > 768);
  const { pathname, hash } = useLocation();
  const entry = sectionAt(pathname);
  const { locale } = useLocale();
  const { session } = useConsole();
  const navigation = section?.navigation(locale, session);
  // Beside one page there is nothing to navigate.
  const navigable = navigation !== undefined && navigation.items.length > 1;

  useEffect(() => {
    document.title = page.title ? t.documentTitle(page.title, t.product) : t.product;
  }, [page.title, t]);

  const breadcrumbs = [
    { text: t.home, href: '/' },
    ...(entry && entry.id !== 'home' && entry.title[locale] !== page.title ? [{ text: entry.title[locale], href: entry.href }] : []),
    ...page.breadcrumbs,
    ...(page.title ? [{ text: page.title, href: '' }] : []),
  ];

  return (
    <NotifyProvider>
      <PageProvider value={setPage}>
        <div id={HEADER_ID} className="console-header">
          <Navigation />
        </div>
        <AppLayoutToolbar
          headerSelector={`#${HEADER_ID}`}
          contentType={page.contentType}
          navigationHide={!navigable}
          navigation={navigable && <SideNavigation header={navigation.header} items={navigation.items} activeHref={navigation.activeHref ?? pathname + hash} />}
          navigationOpen={navigable && navigationOpen}
          onNavigationChange={({ detail }) => {
            // Without a navigation it tells of none being open, which is nobody's choice.
            if (navigable) setNavigationOpen(detail.open);
          }}
          toolsHide
          stickyNotifications
          notifications={<StandingNotices />}
          breadcrumbs={entry?.id === 'home' ? undefined : <BreadcrumbGroup items={breadcrumbs} ariaLabel={t.breadcrumbs} />}
          ariaLabels={{
            navigation: t.sideNavigation,
            navigationToggle: t.openNavigation,
            navigationClose: t.closeNavigation,
            notifications: t.notices.label,
          }}
          content={
            <div aria-busy={waiting} className={waiting ? 'page-waiting' : undefined}>
              {children}
            </div>
          }
        />
      </PageProvider>
    </NotifyProvider>
  );
}

/** What stays until it is dealt with, before what can be dismissed. */
function StandingNotices() {
  const { t } = useLocale();
  const { sessionEnd } = useConsole();
  const ended = useSessionEnded(sessionEnd satisfies SessionEnd);
  const first: FlashbarProps.MessageDefinition[] = [];
  if (ended) {
    first.push({
      id: 'session-ended',
      type: 'warning',
      ariaRole: 'alert',
      header: t.session.endedTitle,
      content: t.session.endedText,
      action: <Button onClick={() => location.reload()}>{t.session.signInAgain}</Button>,
    });
  }
  return <Notices first={first} />;
}

export function NotFound() {
  const t = useMessages(shellMessages).notFound;
  usePageTitle(t.title);
  return (
    <Alert type="info" header={t.title} action={<Button href="/">{t.action}</Button>}>
      {t.text}
    </Alert>
  );
}

/** Code that could not be fetched: the connection, or a newer server without the old files. */
export function LoadFailed() {
  const t = useMessages(shellMessages).loadFailed;
  return (
    <div className="load-failed" role="alert">
      <Alert type="error" header={t.title} action={<Button onClick={() => location.reload()}>{t.action}</Button>}>
        {t.text}
      </Alert>
    </div>
  );
}
