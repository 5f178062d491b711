import { createContext, useContext } from 'react';
import type { SessionEnd } from '../../shared/sessionEnd';
import type { Clients } from './sdk/clients';
import type { ConsoleSession } from './session';

/** What every part of the console may use; made once, in main.tsx. */
export interface ConsoleContextValue {
  session: ConsoleSession;
  clients: Clients;
  sessionEnd: SessionEnd;
  /** The Region that the navigation bar shows (E-09). */
  region: string;
  chooseRegion: (region: string) => void;
  /** The server's clock, milliseconds since 1970. */
  now: () => number;
}

const ConsoleContext = createContext<ConsoleContextValue | null>(null);

export const ConsoleContextProvider = ConsoleContext.Provider;

export function useConsole(): ConsoleContextValue {
  const value = useContext(ConsoleContext);
  if (!value) throw new Error('useConsole outside ConsoleContextProvider');
  return value;
}

export function useSession(): ConsoleSession {
  return useConsole().session;
}

/** AWS's SDK clients, each fetched when it is first asked for. */
export function useClients(): Clients {
  return useConsole().clients;
}
