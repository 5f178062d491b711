import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Icon from '@cloudscape-design/components/icon';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useLocale } from '../../../shared/locale';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useSession } from '../console';
import { useMessages } from '../messages';
import { usePageTitle } from '../page';
import { sections, type SectionEntry } from '../sections';
import { groupedAccountId } from '../session';
import { recentSections } from '../storage';
import { messages } from './messages';
import { useGuidance } from './useGuidance';

/** What opens after signing in (E-02). */
export function Component() {
  const t = useMessages(messages);
  const session = useSession();
  usePageTitle(t.title);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{session.kind === 'iam-user' ? t.welcome(session.userName) : t.welcomeAll}</Header>
      <AccountStatus />
      <Grid gridDefinition={[{ colspan: { default: 12, m: 7 } }, { colspan: { default: 12, m: 5 } }]}>
        <SpaceBetween size="l">
          {session.accountStatus === 'ACTIVE' && <Security />}
          <Services />
        </SpaceBetween>
        <SpaceBetween size="l">
          <Recent />
          <AccountFacts />
        </SpaceBetween>
      </Grid>
    </SpaceBetween>
  );
}

/** What an account that is not active is waiting for, and the way back (A-32, M-24). */
function AccountStatus() {
  const { accountStatus, links } = useSession();
  const t = useMessages(messages).status;
  switch (accountStatus) {
    case 'ACTIVE':
      return null;
    case 'PENDING_ACTIVATION':
      return (
        <Alert
          type="info"
          header={t.pending.title}
          action={
            links.completeSignUp && (
              <Button variant="primary" href={links.completeSignUp}>
                {t.pending.complete}
              </Button>
            )
          }
        >
          <SpaceBetween size="xs">
            <div>{t.pending.text}</div>
            <div>{links.completeSignUp ? t.pending.incomplete : t.pending.waiting}</div>
            <SpaceBetween size="m" direction="horizontal">
              <Link href="/billing/payment-methods">{t.pending.payment}</Link>
              <Link href="/support/home">{t.pending.support}</Link>
            </SpaceBetween>
          </SpaceBetween>
        </Alert>
      );
    case 'SUSPENDED':
      return (
        <Alert type="error" header={t.suspended.title}>
          <SpaceBetween size="xs">
            <div>{t.suspended.text}</div>
            <div>{t.suspended.way}</div>
            <SpaceBetween size="m" direction="horizontal">
              <Link href="/billing/payment-methods">{t.pending.payment}</Link>
              <Link href="/support/home">{t.pending.support}</Link>
            </SpaceBetween>
          </SpaceBetween>
        </Alert>
      );
    case 'CLOSED':
      return (
        <Alert type="error" header={t.closed.title} action={links.close && <Button href={links.close}>{t.closed.reopen}</Button>}>
          <SpaceBetween size="xs">
            <div>{t.closed.text}</div>
            <div>{t.closed.way}</div>
            <Link href="/support/home">{t.pending.support}</Link>
          </SpaceBetween>
        </Alert>
      );
  }
}

function Security() {
  const t = useMessages(messages);
  const { kind, links } = useSession();
  const { advice, checking, denied, failed, checkAgain } = useGuidance();
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={advice.length > 0 ? `(${advice.length})` : undefined}
          actions={<Button iconName="refresh" ariaLabel={t.security.again} loading={checking} onClick={checkAgain} />}
        >
          {t.security.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {checking && advice.length === 0 && <StatusIndicator type="loading">{t.security.checking}</StatusIndicator>}
        {!checking && advice.length === 0 && denied.length === 0 && !failed && <StatusIndicator type="success">{t.security.none}</StatusIndicator>}
        {advice.map(({ id, severity, href, about }) => (
          <div key={id + about} className="advice">
            <StatusIndicator type={severity} wrapText>
              <strong>{t.advice[id].title}</strong>
            </StatusIndicator>
            <Box color="text-body-secondary" margin={{ left: 'l' }}>
              {about && (id === 'key-old' || id === 'key-unused') && <code>{about} </code>}
              {t.advice[id].text}
              {href && t.advice[id].action && (
                <>
                  {' '}
                  <Link href={href}>{t.advice[id].action}</Link>
                </>
              )}
            </Box>
          </div>
        ))}
        {kind === 'root' && links.rootTasks && (
          <Link href={links.rootTasks} external>
            {t.rootTasks}
          </Link>
        )}
        {denied.length > 0 && (
          <Box color="text-body-secondary" fontSize="body-s">
            {t.security.notAllowed(denied.join(', '))}
          </Box>
        )}
        {failed && (
          <Box color="text-body-secondary" fontSize="body-s">
            {t.security.failed}
          </Box>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Services() {
  const t = useMessages(messages);
  const { kind } = useSession();
  const shown = sections.filter(({ id }) => id !== 'home' && !(id === 'security-credentials' && kind === 'role'));
  return (
    <Container header={<Header variant="h2">{t.services}</Header>}>
      <ColumnLayout columns={2} minColumnWidth={220}>
        {shown.map((entry) => (
          <ServiceLink key={entry.id} entry={entry} described />
        ))}
      </ColumnLayout>
    </Container>
  );
}

function Recent() {
  const t = useMessages(messages);
  const recent = recentSections()
    .map((id) => sections.find((entry) => entry.id === id))
    .filter((entry) => entry !== undefined);
  return (
    <Container header={<Header variant="h2">{t.recent}</Header>}>
      {recent.length === 0 ? (
        <Box color="text-body-secondary">{t.recentEmpty}</Box>
      ) : (
        <SpaceBetween size="xs">
          {recent.map((entry) => (
            <ServiceLink key={entry.id} entry={entry} />
          ))}
        </SpaceBetween>
      )}
    </Container>
  );
}

function ServiceLink({ entry, described = false }: { entry: SectionEntry; described?: boolean }) {
  const { locale } = useLocale();
  return (
    <div>
      <SpaceBetween size="xs" direction="horizontal" alignItems="center">
        <Icon name={entry.icon} />
        <Link href={entry.href}>{entry.title[locale]}</Link>
      </SpaceBetween>
      {described && (
        <Box color="text-body-secondary" fontSize="body-s">
          {entry.description[locale]}
        </Box>
      )}
    </div>
  );
}

function AccountFacts() {
  const t = useMessages(messages).account;
  const session = useSession();
  return (
    <Container header={<Header variant="h2">{t.title}</Header>}>
      <KeyValuePairs
        columns={1}
        items={[
          { label: t.name, value: <span className="long-words">{session.accountName}</span> },
          { label: t.id, value: <CopyValue label={t.id} text={session.accountId} shown={groupedAccountId(session.accountId)} /> },
          { label: t.alias, value: session.alias || t.noAlias },
          { label: t.signInUrl, value: <CopyValue label={t.signInUrl} text={session.signInUrl} /> },
          { label: t.user, value: <span className="long-words">{session.kind === 'root' ? `${t.root} (${session.email})` : session.arn}</span> },
        ]}
      />
    </Container>
  );
}
