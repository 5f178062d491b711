import { useCallback, useSyncExternalStore } from 'react';
import { parseRoute, routeHash, type Route } from './route';

function subscribe(onChange: () => void) {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}

/** The route is the address: what is typed or paged survives a reload and can be bookmarked. */
export function useRoute(): [Route, (route: Route) => void] {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const replace = useCallback((route: Route) => {
    history.replaceState(null, '', routeHash(route));
    // replaceState is silent.
    dispatchEvent(new HashChangeEvent('hashchange'));
  }, []);
  return [parseRoute(hash), replace];
}
