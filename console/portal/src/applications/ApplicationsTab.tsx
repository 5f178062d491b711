import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCallback, useMemo, useState } from 'react';
import { toFailure } from '../../../shared/failure';
import { useLocale } from '../../../shared/locale';
import { FailureAlert } from '../../../shared/ui/FailureAlert';
import { FavouriteButton } from '../FavouriteButton';
import { Notice } from '../Notice';
import { usePortal } from '../context';
import type { Application } from '../person';
import type { Route } from '../route';
import { fold, pageSorter } from '../text';
import { useAllPages } from '../useAllPages';
import type { Favourites } from '../useFavourites';

interface ApplicationsTabProps {
  route: Route;
  onRouteChange: (route: Route) => void;
  favourites: Favourites;
}

/** What the person may open beside accounts (H-18). */
export function ApplicationsTab({ route, onRouteChange, favourites }: ApplicationsTabProps) {
  const { locale, t } = useLocale();
  const { person, signIn } = usePortal();
  const list = useCallback(
    async (nextToken: string | undefined, signal: AbortSignal) => {
      const page = await person.listApplications(nextToken, signal);
      return { items: page.applications, nextToken: page.nextToken };
    },
    [person],
  );
  const { pages, complete, error, refreshing, retry, refresh } = useAllPages('applications', list);
  const [moved, setMoved] = useState('');

  const sort = useMemo(() => pageSorter<Application>(locale), [locale]);
  const applications = useMemo(() => sort(pages ?? []), [sort, pages]);
  const matching = useMemo(() => {
    const wanted = fold(route.filter.trim());
    return applications.filter((app) => fold(`${app.name}\n${app.description}`).includes(wanted));
  }, [applications, route.filter]);
  const first = matching.filter(({ id }) => favourites.applications.has(id));
  const others = matching.filter(({ id }) => !favourites.applications.has(id));

  const setFilter = (filter: string) => onRouteChange({ ...route, filter });
  const tiles = (some: Application[]) =>
    some.map((application) => (
      <Tile
        key={application.id}
        application={application}
        favourite={favourites.applications.has(application.id)}
        moved={moved === application.id}
        onFavourite={() => {
          setMoved(application.id);
          favourites.toggle('applications', application.id);
        }}
      />
    ));

  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={pages ? t.accounts.count(applications.length) : undefined}
          actions={<Button iconName="refresh" ariaLabel={t.applications.refresh} disabled={refreshing} onClick={refresh} />}
        >
          {t.applications.heading}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {applications.length > 0 && (
          <TextFilter
            filteringText={route.filter}
            filteringPlaceholder={t.applications.filter}
            filteringAriaLabel={t.applications.filter}
            countText={route.filter ? t.accounts.matches(matching.length) : ''}
            onChange={({ detail }) => setFilter(detail.filteringText)}
          />
        )}
        {/* That the session has ended is said at the top of the page already. */}
        {!!error && toFailure(error).kind !== 'sessionEnded' && <FailureAlert error={error} onRetry={retry} onSignIn={signIn} />}
        {complete && applications.length === 0 && <Notice title={t.applications.emptyTitle} text={t.applications.emptyText} />}
        {complete && applications.length > 0 && matching.length === 0 && (
          <Notice
            title={t.applications.noMatchTitle}
            text={t.applications.noMatchText}
            action={<Button onClick={() => setFilter('')}>{t.applications.clearFilter}</Button>}
          />
        )}
        {first.length > 0 && (
          <section>
            <h3 className="list-heading">{t.favourites.heading}</h3>
            <ul className="application-list" aria-label={t.favourites.heading}>
              {tiles(first)}
            </ul>
          </section>
        )}
        {others.length > 0 && (
          <section>
            {first.length > 0 && <h3 className="list-heading">{t.applications.others}</h3>}
            <ul className="application-list" aria-label={t.applications.heading}>
              {tiles(others)}
            </ul>
          </section>
        )}
        {!complete && refreshing && <StatusIndicator type="loading">{t.applications.loading}</StatusIndicator>}
      </SpaceBetween>
    </Container>
  );
}

interface TileProps {
  application: Application;
  favourite: boolean;
  moved: boolean;
  onFavourite: () => void;
}

/** How many colours there are for icons, in portal.css. */
const ICON_COLOURS = 6;

function Tile({ application: { id, name, description, url }, favourite, moved, onFavourite }: TileProps) {
  const { t } = useLocale();
  const colour = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % ICON_COLOURS;
  return (
    <li className="application-tile">
      <span className={`application-icon application-icon-${colour}`} aria-hidden="true">
        {[...name.trim()][0]?.toLocaleUpperCase() ?? ''}
      </span>
      <div className="application-text">
        <span className="application-name">
          {url ? (
            <Link href={url} target="_blank" rel="noopener noreferrer" ariaLabel={t.applications.open(name)}>
              {name}
            </Link>
          ) : (
            name
          )}
        </span>
        {description && <span className="application-description">{description}</span>}
        {!url && <span className="application-description">{t.applications.notHere}</span>}
      </div>
      <FavouriteButton name={name} marked={favourite} focused={moved} onToggle={onFavourite} />
    </li>
  );
}
