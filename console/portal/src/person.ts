/** What AWS has no API for: the doors of the portal's own server, under `/api/_portal`. */
import { toFailure } from '../../shared/failure';
import { request } from './request';

export interface Application {
  id: string;
  name: string;
  description: string;
  /** Of https; '' if the application cannot be opened from here. */
  url: string;
}

export interface ApplicationPage {
  applications: Application[];
  nextToken: string | undefined;
}

export type FavouriteKind = 'accounts' | 'applications';

/** One sign-in of the person. */
export interface SignIn {
  sessionId: string;
  /** ISO 8601. */
  createdAt: string;
  expiresAt: string;
  sourceIp: string;
  userAgent: string;
  mfa: boolean;
  /** The one that asks. */
  current: boolean;
}

export interface SignIns {
  /** This one first, then the newest. */
  sessions: SignIn[];
  /** How many there are, of which not all may be listed. */
  total: number;
}

export interface Person {
  listApplications(nextToken: string | undefined, signal: AbortSignal): Promise<ApplicationPage>;
  setFavourite(kind: FavouriteKind, id: string, on: boolean): Promise<void>;
  listSessions(signal: AbortSignal): Promise<SignIns>;
  endSession(id: string): Promise<void>;
  /** Returns how many have ended. */
  endOtherSessions(): Promise<number>;
}

const BASE = '/api/_portal';

/** @param onSessionEnded is called whenever the server no longer knows the session. */
export function createPerson(onSessionEnded: () => void): Person {
  const ask = async <T = undefined>(path: string, init?: RequestInit): Promise<T> => {
    try {
      return await request<T>(BASE + path, init);
    } catch (error) {
      if (toFailure(error).kind === 'sessionEnded') onSessionEnded();
      throw error;
    }
  };
  return {
    async listApplications(nextToken, signal) {
      const query = nextToken ? `?${new URLSearchParams({ next_token: nextToken })}` : '';
      const page = await ask<{ applications: { applicationId: string; name: string; description: string; url?: string }[]; nextToken?: string }>(
        `/applications${query}`,
        { signal },
      );
      return {
        applications: page.applications.map(({ applicationId, name, description, url }) => ({ id: applicationId, name, description, url: httpsOnly(url) })),
        nextToken: page.nextToken,
      };
    },
    setFavourite: (kind, id, on) => ask(`/favourites/${kind}/${encodeURIComponent(id)}`, { method: on ? 'PUT' : 'DELETE' }),
    listSessions: (signal) => ask<SignIns>('/sessions', { signal }),
    endSession: (id) => ask(`/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    async endOtherSessions() {
      return (await ask<{ ended: number }>('/sessions/end-all-others', { method: 'POST' })).ended;
    },
  };
}

/** Where an account to which the person is assigned stands, such as SUSPENDED; '' for every other account. */
export async function accountStatus(id: string, signal: AbortSignal): Promise<string> {
  return (await request<{ status: string }>(`${BASE}/accounts/${encodeURIComponent(id)}`, { signal })).status;
}

/** The server links to https alone; a link of another scheme would run as this page, so it is looked at where it is used. */
function httpsOnly(url = ''): string {
  return URL.canParse(url) && new URL(url).protocol === 'https:' ? url : '';
}
