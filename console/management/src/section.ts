import type { SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import type { RouteObject } from 'react-router';
import type { Locale } from '../../shared/locale';
import type { ConsoleSession } from './session';

/** A part of the console: its pages and its side navigation. See the README beside src. */
export interface Section {
  id: string;
  /** The side navigation for this person, in this language. */
  navigation: (locale: Locale, session: ConsoleSession) => SectionNavigation;
  /** With absolute paths; pages by `lazy`, so that each is fetched when it is opened. */
  routes: RouteObject[];
}

export interface SectionNavigation {
  header: SideNavigationProps.Header;
  items: SideNavigationProps.Item[];
  /** The item that is shown as current where it is not the one with the page's address. */
  activeHref?: string;
}
