import { createContext, useContext } from 'react';
import type { Session } from '../../shared/session';
import type { SessionEnd } from '../../shared/sessionEnd';
import type { Person } from './person';
import type { Portal } from './sso';

/** What every part of the portal may use; made once, in main.tsx. */
export interface PortalContextValue {
  session: Session;
  portal: Portal;
  person: Person;
  sessionEnd: SessionEnd;
  /** The server's clock, milliseconds since 1970. */
  now: () => number;
  /** Leaves for the sign-in page, which comes back here. */
  signIn: () => void;
}

const PortalContext = createContext<PortalContextValue | null>(null);

export const PortalContextProvider = PortalContext.Provider;

export function usePortal(): PortalContextValue {
  const value = useContext(PortalContext);
  if (!value) throw new Error('usePortal outside PortalContextProvider');
  return value;
}
