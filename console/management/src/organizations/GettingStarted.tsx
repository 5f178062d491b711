import { CreateOrganizationCommand, type OrganizationFeatureSet } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useClients, useSession } from '../console';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { FailureAlert } from '../ui/FailureAlert';
import { useHandshakes } from './handshakes';
import { messages } from './messages';
import { useChanged } from './organization';
import { paths } from './paths';

/** What an account on its own sees: what an organization is for, creating one, and who has invited it to theirs. */
export function GettingStarted() {
  const t = useMessages(messages);
  const { organizations } = useClients();
  const { email } = useSession();
  const changed = useChanged();
  const notify = useNotify();
  const { data: received } = useHandshakes('received');
  const [features, setFeatures] = useState<OrganizationFeatureSet>('ALL');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const open = (received ?? []).filter(({ State }) => State === 'REQUESTED' || State === 'OPEN').length;

  const create = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await (await organizations()).send(new CreateOrganizationCommand({ FeatureSet: features }));
      notify({ type: 'success', header: t.start.created, content: email ? t.start.createdText(email) : t.start.createdTextAnywhere });
      await changed();
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.start.description}>
        {t.title}
      </Header>
      {open > 0 && (
        <Alert type="info" header={t.start.invited} action={<Button href={paths.invitations}>{t.start.seeInvitations}</Button>}>
          {t.start.invitedText(open)}
        </Alert>
      )}
      <Container header={<Header variant="h2">{t.start.why}</Header>}>
        <SpaceBetween size="s">
          <ul className="plain-list">
            {t.start.reasons.split('\n').map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <Box color="text-body-secondary">{t.start.advice}</Box>
        </SpaceBetween>
      </Container>
      <Container
        header={
          <Header variant="h2" description={t.start.createText}>
            {t.start.create}
          </Header>
        }
      >
        <SpaceBetween size="m">
          {failure !== null && <FailureAlert error={failure} />}
          <FormField label={t.start.features}>
            <RadioGroup
              value={features}
              onChange={({ detail }) => setFeatures(detail.value as OrganizationFeatureSet)}
              items={[
                { value: 'ALL', label: t.start.all, description: t.start.allText },
                { value: 'CONSOLIDATED_BILLING', label: t.start.billing, description: t.start.billingText },
              ]}
            />
          </FormField>
          <div>{t.start.verify}</div>
          <Button variant="primary" loading={running} onClick={() => void create()}>
            {t.start.create}
          </Button>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
