/** For tests that walk the console: all of it, with the SDK's real clients; only the network is theirs. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, beforeEach, vi } from 'vitest';
import { LocaleProvider, type Locale } from '../../../shared/locale';
import { createSessionEnd } from '../../../shared/sessionEnd';
import { ConsoleContextProvider } from '../console';
import { createConsoleRouter } from '../router';
import { createClients } from '../sdk/clients';
import type { ConsoleSession } from '../session';

const NOW = '2026-06-01T00:00:00Z';

export const rootSession: ConsoleSession = {
  kind: 'root', accountId: '111122223333', accountName: 'Example Corp', alias: 'example', userName: '', email: 'root@example.com',
  arn: 'arn:aws:iam::111122223333:root', displayName: '', color: '', switched: false, switchedFrom: '', mfa: false, expiresAt: '2026-06-01T12:00:00Z',
  serverTime: NOW, locale: 'en', region: 'us-east-1', regions: ['us-east-1', 'eu-west-1'], accountStatus: 'ACTIVE',
  signInUrl: 'https://example.signin.example.com/console',
  links: {
    signup: '', completeSignUp: '', registerMfa: 'https://signin.example.com/mfa/register', password: 'https://signin.example.com/account/password', email: '', close: '', paymentMethod: '', help: '', allowList: '', rootTasks: '', glossary: '',
    contact: '', switchRole: '', switchBack: '', signOut: '/signout', roleHistory: [],
  },
};

/** Prepares each test of a file for `openConsole`, and clears up after it. */
export function prepareConsole() {
  // The first test also waits for Vite to compile what the app imports.
  configure({ asyncUtilTimeout: 20_000 });
  // jsdom lacks it, and Cloudscape's notices look themselves up by it.
  globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;
  beforeEach(() => {
    vi.stubGlobal('scrollTo', () => undefined);
    // The SDK waits before it tries a failed call again.
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    localStorage.clear();
  });
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });
}

/** Opens the console at an address. */
export function openConsole(path: string, change: Partial<ConsoleSession> = {}, locale: Locale = 'en') {
  const session = { ...rootSession, ...change, links: { ...rootSession.links, ...change.links } };
  const sessionEnd = createSessionEnd();
  const router = createConsoleRouter(createMemoryRouter, { initialEntries: [path] });
  const user = userEvent.setup();
  render(
    <LocaleProvider initial={locale}>
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <ConsoleContextProvider
          value={{
            session,
            sessionEnd,
            clients: createClients({ region: 'us-east-1', principal: session.arn, onSessionEnded: sessionEnd.report }),
            region: 'us-east-1',
            chooseRegion: () => undefined,
            now: () => Date.parse(NOW),
          }}
        >
          <RouterProvider router={router} />
        </ConsoleContextProvider>
      </QueryClientProvider>
    </LocaleProvider>,
  );
  return { user, router };
}
