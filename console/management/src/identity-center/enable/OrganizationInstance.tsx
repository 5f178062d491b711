import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { groupedAccountId } from '../../session';
import { InstanceFacts } from '../dashboard/InstanceFacts';
import { enableMessages } from './messages';
import type { Instance } from './WithInstance';

/** What a member account sees of its organization's instance: who manages it, and what the account may do here itself (F-04, G-04). */
export function OrganizationInstance({ title, instance }: { title: string; instance: Instance }) {
  const t = useMessages(enableMessages).shared;
  usePageTitle(title);
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{title}</Header>
      <Alert type="info" header={t.title(groupedAccountId(instance.owner))}>
        {t.text}
      </Alert>
      <Container header={<Header variant="h2">{t.facts}</Header>}>
        <InstanceFacts instance={instance} settings={undefined} />
      </Container>
      <Container
        header={
          <Header variant="h2" actions={<Button href="/singlesignon/applications">{t.applications.action}</Button>}>
            {t.applications.title}
          </Header>
        }
      >
        {t.applications.text}
      </Container>
      <Container
        header={
          <Header variant="h2" actions={<Button href="/singlesignon/enable">{t.own.action}</Button>}>
            {t.own.title}
          </Header>
        }
      >
        {t.own.text}
      </Container>
    </SpaceBetween>
  );
}
