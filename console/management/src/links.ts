import { sectionAt } from './sections';

/**
 * Where a click on a link leads within this app, or undefined when the browser should
 * follow it itself: another origin, an address that only the server has, a new tab.
 */
function inAppTarget(event: Pick<MouseEvent, 'button' | 'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'defaultPrevented'>, link: HTMLAnchorElement | null): string | undefined {
  if (!link?.href || event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  if ((link.target && link.target !== '_self') || link.hasAttribute('download')) return undefined;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !sectionAt(url.pathname)) return undefined;
  return url.pathname + url.search + url.hash;
}

/**
 * Turns clicks on links of this app, which are plain `href`s wherever they stand, into
 * navigation without a new page. Returns what undoes it.
 */
export function followLinks(page: Document, navigate: (to: string) => void): () => void {
  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target.closest('a') : null;
    const to = inAppTarget(event, target);
    if (to === undefined) return;
    event.preventDefault();
    navigate(to);
  };
  page.addEventListener('click', onClick);
  return () => page.removeEventListener('click', onClick);
}
