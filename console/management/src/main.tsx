import '@cloudscape-design/global-styles/index.css';
import './management.css';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { initialLocale, LocaleProvider } from '../../shared/locale';
import { readSession, serverClock } from '../../shared/session';
import { createSessionEnd } from '../../shared/sessionEnd';
import { CrashBoundary } from '../../shared/ui/CrashBoundary';
import { ConsoleContextProvider, type ConsoleContextValue } from './console';
import { useMessages } from './messages';
import { shellMessages } from './messages.shell';
import { createConsoleRouter } from './router';
import { createClients } from './sdk/clients';
import type { ConsoleSession } from './session';
import { rememberedRegion, rememberRegion } from './storage';

// The SDK has retried by itself; a second layer would only multiply the calls.
const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 30_000, refetchOnWindowFocus: false } },
});
const sessionEnd = createSessionEnd();
const router = createConsoleRouter();

function Console({ session }: { session: ConsoleSession }) {
  const [region, setRegion] = useState(() => rememberedRegion(session.regions, session.region));
  const value = useMemo<ConsoleContextValue>(
    () => ({
      session,
      sessionEnd,
      clients: createClients({ region, principal: session.arn, onSessionEnded: sessionEnd.report }),
      region,
      chooseRegion: (chosen) => {
        rememberRegion(chosen);
        setRegion(chosen);
        // What was read in one Region is not true of another.
        void queries.resetQueries();
      },
      now: serverClock(session.serverTime),
    }),
    [session, region],
  );
  return (
    <ConsoleContextProvider value={value}>
      <RouterProvider router={router} />
    </ConsoleContextProvider>
  );
}

function NoSession() {
  const t = useMessages(shellMessages).noSession;
  return (
    <main className="load-failed">
      <Alert type="warning" header={t.title} action={<Button href="/">{t.action}</Button>}>
        {t.text}
      </Alert>
    </main>
  );
}

const session = readSession<ConsoleSession>(document);
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <LocaleProvider initial={initialLocale(session?.locale ?? navigator.language.slice(0, 2))}>
      <CrashBoundary>
        <QueryClientProvider client={queries}>{session ? <Console session={session} /> : <NoSession />}</QueryClientProvider>
      </CrashBoundary>
    </LocaleProvider>
  </StrictMode>,
);

// A page that the Back button takes from the browser's memory may belong to someone who signed out.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
