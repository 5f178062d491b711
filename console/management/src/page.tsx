import type { AppLayoutProps } from '@cloudscape-design/components/app-layout';
import type { BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group';
import { createContext, useContext, useEffect } from 'react';
import { useLocation } from 'react-router';

/** What a page tells the shell about itself. */
export interface PageFacts {
  title: string;
  breadcrumbs: readonly BreadcrumbGroupProps.Item[];
  contentType: AppLayoutProps.ContentType;
}

export const blankPage: PageFacts = { title: '', breadcrumbs: [], contentType: 'default' };

const PageContext = createContext<(facts: PageFacts) => void>(() => {});

export const PageProvider = PageContext.Provider;

/**
 * Names the page in the browser's tab and at the end of the breadcrumbs. `breadcrumbs`
 * are the pages above it; `contentType` chooses how wide the page is drawn.
 */
export function usePageTitle(
  title: string,
  { breadcrumbs = [], contentType = 'default' }: { breadcrumbs?: readonly BreadcrumbGroupProps.Item[]; contentType?: AppLayoutProps.ContentType } = {},
) {
  const setPage = useContext(PageContext);
  // By value, for callers make a new list each time they draw.
  const above = JSON.stringify(breadcrumbs);
  useEffect(() => {
    setPage({ title, breadcrumbs: JSON.parse(above) as BreadcrumbGroupProps.Item[], contentType });
  }, [setPage, title, above, contentType]);
}

/** Scrolls to the part of the page that the address names after `#`; for pages that are drawn at once. */
export function useScrollToHash() {
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash]);
}
