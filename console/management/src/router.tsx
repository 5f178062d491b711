import { createBrowserRouter, type RouteObject } from 'react-router';
import type { Section } from './section';
import { sectionAt } from './sections';
import { LoadFailed, NotFound, Shell, ShellWaiting } from './Shell';

/** Fetches a section's code when one of its addresses is first opened. */
export function createConsoleRouter(make: typeof createBrowserRouter = createBrowserRouter, options: object = {}) {
  const known = new Set<string>();
  return make(
    [
      {
        id: 'shell',
        Component: Shell,
        HydrateFallback: ShellWaiting,
        children: [{ path: '*', Component: NotFound }],
        ErrorBoundary: LoadFailed,
      },
    ],
    {
      ...options,
      patchRoutesOnNavigation: async ({ path, patch }) => {
        const entry = sectionAt(path);
        if (!entry || known.has(entry.id)) return;
        const { section } = await entry.load();
        known.add(entry.id);
        patch('shell', [sectionRoute(section)]);
      },
    },
  );
}

function sectionRoute(section: Section): RouteObject {
  return { id: section.id, handle: section, children: section.routes, ErrorBoundary: LoadFailed };
}
