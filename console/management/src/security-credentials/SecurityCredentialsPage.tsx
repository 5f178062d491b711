import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useSession } from '../console';
import { AccessKeys } from '../credentials/AccessKeys';
import { MfaDevices } from '../credentials/MfaDevices';
import { useMessages } from '../messages';
import { usePageTitle, useScrollToHash } from '../page';
import { messages } from './messages';
import { UserPassword } from './UserPassword';

const PATH = '/security-credentials';

/** The person's own credentials (E-05, E-06). */
export function Component() {
  const t = useMessages(messages);
  const session = useSession();
  usePageTitle(t.title);
  useScrollToHash();
  if (session.kind === 'role') {
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.myTitle}</Header>
        <Alert type="info" header={t.role.title}>
          {t.role.text}
        </Alert>
        <Identifiers />
      </SpaceBetween>
    );
  }
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={session.kind === 'root' ? t.forRoot : `${t.forUser} ${session.userName}`}>
        {t.myTitle}
      </Header>
      {session.kind === 'root' && (
        <Alert type="warning" header={t.rootNotice.title}>
          {t.rootNotice.text}{' '}
          {session.links.rootTasks && (
            <Link href={session.links.rootTasks} external variant="primary">
              {t.rootNotice.link}
            </Link>
          )}
        </Alert>
      )}
      <Identifiers />
      {session.kind === 'root' ? <RootPassword /> : <UserPassword />}
      <MfaDevices returnPath={PATH} />
      <AccessKeys />
    </SpaceBetween>
  );
}

/** The account number, under the headings of E-05 (root user) and E-06 (IAM user). */
function Identifiers() {
  const t = useMessages(messages);
  const session = useSession();
  const root = session.kind === 'root';
  return (
    <Container
      header={
        <Header variant="h2" actions={root && session.links.email && <Button href={session.links.email}>{t.changeEmail}</Button>}>
          {root ? t.identifiers : t.details}
        </Header>
      }
    >
      <KeyValuePairs
        columns={2}
        minColumnWidth={260}
        items={[
          { label: t.accountId, value: <CopyValue label={t.accountId} text={session.accountId} /> },
          { label: t.accountName, value: <span className="long-words">{session.accountName}</span> },
          ...(root
            ? [{ label: t.email, value: <span className="long-words">{session.email}</span> }]
            : [{ label: t.userName, value: <span className="long-words">{session.userName}</span> }]),
          { label: t.alias, value: session.alias || t.none },
          { label: t.arn, value: <CopyValue label={t.arn} text={session.arn} /> },
          { label: t.signInUrl, value: <CopyValue label={t.signInUrl} text={session.signInUrl} /> },
        ]}
      />
    </Container>
  );
}

function RootPassword() {
  const t = useMessages(messages).password;
  const { links } = useSession();
  return (
    <Container
      header={
        <Header variant="h2" description={t.rootText} actions={<Button href={links.password}>{t.change}</Button>}>
          {t.title}
        </Header>
      }
    />
  );
}
