import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Flashbar from '@cloudscape-design/components/flashbar';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toFailure } from '../../../shared/failure';
import { useLocale } from '../../../shared/locale';
import type { Messages } from '../../../shared/messages/en';
import { FailureAlert } from '../../../shared/ui/FailureAlert';
import { usePortal } from '../context';
import type { SignIn } from '../person';
import { routeHash } from '../route';
import { browserName } from './browser';

/** What is about to be ended: one session, or all but this one. */
type Ending = SignIn | 'others';

/** The person's own sign-ins, each of which they can end (H-21, behaviours.md 6.5). */
export function SessionsPage() {
  const { t } = useLocale();
  const { person, signIn } = usePortal();
  const [ending, setEnding] = useState<Ending | null>(null);
  const [done, setDone] = useState('');
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => person.listSessions(signal),
    // Others come and go.
    staleTime: 0,
  });
  const handleEnded = (message: string) => {
    setEnding(null);
    setDone(message);
    void refetch();
  };

  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.sessions.description}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={t.sessions.refresh} disabled={isFetching} onClick={() => void refetch()} />
            <Button disabled={!data || data.total < 2} onClick={() => setEnding('others')}>
              {t.sessions.endOthers}
            </Button>
          </SpaceBetween>
        }
      >
        {t.sessions.title}
      </Header>
      <Link href={routeHash({ tab: 'accounts', filter: '', page: 1 })}>{t.sessions.back}</Link>
      {done && (
        <Flashbar
          items={[{ id: 'done', type: 'success', content: done, dismissible: true, dismissLabel: t.navigation.dismiss, onDismiss: () => setDone('') }]}
        />
      )}
      {/* That the session has ended is said at the top of the page already. */}
      {error && toFailure(error).kind !== 'sessionEnded' && <FailureAlert error={error} onRetry={() => void refetch()} onSignIn={signIn} />}
      {!data && isFetching && <StatusIndicator type="loading">{t.sessions.loading}</StatusIndicator>}
      {data && (
        <ul className="session-list" aria-label={t.sessions.title}>
          {data.sessions.map((one) => (
            <li key={one.sessionId}>
              <SessionCard session={one} onEnd={() => setEnding(one)} />
            </li>
          ))}
        </ul>
      )}
      {data && data.total === 1 && <Box color="text-body-secondary">{t.sessions.only}</Box>}
      {data && data.total > data.sessions.length && <Box color="text-body-secondary">{t.sessions.more(data.sessions.length, data.total)}</Box>}
      {ending && <EndDialog ending={ending} onClose={() => setEnding(null)} onEnded={handleEnded} />}
    </SpaceBetween>
  );
}

function programOf(session: SignIn, t: Messages): string {
  const { browser, system } = browserName(session.userAgent);
  if (browser && system) return t.sessions.onSystem(browser, system);
  return browser || system || t.sessions.unknownBrowser;
}

function SessionCard({ session, onEnd }: { session: SignIn; onEnd: () => void }) {
  const { locale, t } = useLocale();
  const program = programOf(session, t);
  const time = (text: string) => new Date(text).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Container
      header={
        <Header
          variant="h2"
          info={session.current && <Badge color="green">{t.sessions.current}</Badge>}
          actions={
            !session.current && (
              <Button ariaLabel={t.sessions.endFor(program, session.sourceIp)} onClick={onEnd}>
                {t.sessions.end}
              </Button>
            )
          }
        >
          {program}
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: t.sessions.address, value: <span className="account-details">{session.sourceIp || '–'}</span> },
          { label: t.sessions.signedIn, value: time(session.createdAt) },
          { label: t.sessions.expires, value: time(session.expiresAt) },
          { label: t.sessions.mfa, value: session.mfa ? t.sessions.mfaUsed : t.sessions.mfaNotUsed },
        ]}
      />
    </Container>
  );
}

function EndDialog({ ending, onClose, onEnded }: { ending: Ending; onClose: () => void; onEnded: (message: string) => void }) {
  const { t } = useLocale();
  const { person, signIn } = usePortal();
  const others = ending === 'others';
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      if (others) return t.sessions.endedOthers(await person.endOtherSessions());
      await person.endSession(ending.sessionId).catch((failure: unknown) => {
        // That it is gone already is what was wanted.
        if ((failure as Error).name !== 'ResourceNotFoundException') throw failure;
      });
      return t.sessions.ended;
    },
    onSuccess: onEnded,
  });
  return (
    <Modal
      visible
      closeAriaLabel={t.sessions.cancel}
      onDismiss={onClose}
      header={others ? t.sessions.endOthersTitle : t.sessions.endTitle}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.sessions.cancel}
            </Button>
            <Button variant="primary" loading={isPending} onClick={() => mutate()}>
              {others ? t.sessions.endOthers : t.sessions.end}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error && <FailureAlert error={error} onRetry={() => mutate()} onSignIn={signIn} />}
        {!others && (
          <Box variant="strong">
            {programOf(ending, t)} ({ending.sourceIp})
          </Box>
        )}
        <div>{others ? t.sessions.endOthersText : t.sessions.endText}</div>
      </SpaceBetween>
    </Modal>
  );
}
