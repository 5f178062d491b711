import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSession } from '../console';
import { useMessages } from '../messages';
import { usePageTitle, useScrollToHash } from '../page';
import { AlternateContacts } from './AlternateContacts';
import { Contact } from './Contact';
import { Details } from './Details';
import { messages } from './messages';
import { Regions } from './Regions';

/** The account: what it is called, who hears of it, where it is used, and how it ends. */
export function Component() {
  const t = useMessages(messages);
  usePageTitle(t.title);
  useScrollToHash();
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      <Details />
      <Contact />
      <AlternateContacts />
      <Regions />
      <RootOnly />
    </SpaceBetween>
  );
}

/** What only the root user can do, on the sign-in host (A-41, A-44, B-04). */
function RootOnly() {
  const t = useMessages(messages).root;
  const { kind, links, accountStatus } = useSession();
  const tasks = [
    { href: links.email, name: t.email, text: t.emailText },
    { href: links.password, name: t.password, text: t.passwordText },
    { href: links.paymentMethod, name: t.payment, text: t.paymentText },
    { href: links.close, name: accountStatus === 'CLOSED' ? t.reopen : t.close, text: t.closeText },
  ].filter(({ href }) => href);
  return (
    <div id="root">
      <Container
        header={
          <Header variant="h2" description={kind === 'root' ? t.description : t.onlyRoot}>
            {t.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          {kind === 'root' &&
            tasks.map(({ href, name, text }) => (
              <div key={href}>
                <Button href={href} variant="normal">
                  {name}
                </Button>
                <Box color="text-body-secondary" padding={{ top: 'xxs' }}>
                  {text}
                </Box>
              </div>
            ))}
          {links.rootTasks && (
            <Link href={links.rootTasks} external>
              {t.tasks}
            </Link>
          )}
        </SpaceBetween>
      </Container>
    </div>
  );
}
