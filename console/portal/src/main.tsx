import '@cloudscape-design/global-styles/index.css';
import './portal.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { initialLocale, LocaleProvider } from '../../shared/locale';
import { readSession, serverClock } from '../../shared/session';
import { CrashBoundary } from '../../shared/ui/CrashBoundary';
import { App } from './App';
import { NoSession } from './NoSession';
import { OpenConsole } from './console/OpenConsole';
import { PortalContextProvider, type PortalContextValue } from './context';
import { createSessionEnd } from '../../shared/sessionEnd';
import { deviceAddress, parseConsoleRequest } from './route';
import { createPerson } from './person';
import { createPortal } from './sso';

const START_PATH = '/start';
const API_PATH = '/api/sso';

const session = readSession(document);
const device = session && deviceAddress(location.hash, session.deviceUrl);
const root = createRoot(document.getElementById('app')!);

if (!session) {
  root.render(
    <LocaleProvider initial={initialLocale(navigator.language.slice(0, 2))}>
      <NoSession startPath={START_PATH} />
    </LocaleProvider>,
  );
} else if (device) {
  location.replace(device);
} else {
  const sessionEnd = createSessionEnd();
  const request = parseConsoleRequest(location.hash);
  const context: PortalContextValue = {
    session,
    portal: createPortal(new URL(API_PATH, location.origin).href, session.region, sessionEnd.report),
    person: createPerson(sessionEnd.report),
    sessionEnd,
    now: serverClock(session.serverTime),
    // An address without # makes the browser ask the server, even where the path is the same.
    signIn: () => location.assign(START_PATH),
  };
  // The SDK has retried by itself; a second layer would only multiply the calls.
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false } },
  });
  root.render(
    <StrictMode>
      <LocaleProvider initial={initialLocale(session.locale)}>
        <CrashBoundary>
          <QueryClientProvider client={queries}>
            <PortalContextProvider value={context}>
              {request ? <OpenConsole request={request} /> : <App />}
            </PortalContextProvider>
          </QueryClientProvider>
        </CrashBoundary>
      </LocaleProvider>
    </StrictMode>,
  );
}

// A shortcut that is pasted into the address bar of an open portal changes only what is behind the #.
addEventListener('hashchange', () => {
  if (parseConsoleRequest(location.hash) || (session && deviceAddress(location.hash, session.deviceUrl))) location.reload();
});

// A page that the Back button takes from the browser's memory may belong to someone who signed out.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
