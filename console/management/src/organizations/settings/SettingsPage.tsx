import { AcceptHandshakeCommand, DeleteOrganizationCommand, EnableAllFeaturesCommand, type Organization } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useRoot } from '../../ui/accountTree/useRoot';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { FailureAlert } from '../../ui/FailureAlert';
import { useHandshakes } from '../handshakes';
import { MemberHome } from '../MemberHome';
import { messages } from '../messages';
import { OfOrganization } from '../OfOrganization';
import { useChanged, useIsManagement } from '../organization';
import { paths } from '../paths';
import { useEmailVerification, VerificationNotice } from '../verification';
import { Delegation } from './Delegation';
import { settingsMessages } from './messages';

/** The organization itself: what it is, what it can do, who else may administer it, and its end. */
export function Component() {
  const t = useMessages(settingsMessages);
  usePageTitle(t.title);
  return <OfOrganization title={t.title}>{(organization) => <Settings organization={organization} />}</OfOrganization>;
}

function Settings({ organization }: { organization: Organization }) {
  const t = useMessages(settingsMessages);
  const management = useIsManagement(organization);
  if (!management) return <MemberHome organization={organization} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{t.title}</Header>
      <VerificationNotice enabled />
      <Facts organization={organization} />
      {organization.FeatureSet === 'CONSOLIDATED_BILLING' && <AllFeatures />}
      <Delegation />
      <Deletion organization={organization} />
    </SpaceBetween>
  );
}

function Facts({ organization }: { organization: Organization }) {
  const all = useMessages(messages);
  const t = useMessages(settingsMessages);
  const { data: root } = useRoot();
  const { data: verification } = useEmailVerification(true);
  const verified = verification?.Status === 'VERIFIED';
  return (
    <Container header={<Header variant="h2">{t.details}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={200}
        items={[
          { label: t.id, value: <CopyValue label={t.id} text={organization.Id ?? ''} /> },
          { label: t.featureSet, value: organization.FeatureSet && all.features[organization.FeatureSet] },
          { label: t.root, value: root ? <CopyValue label={t.root} text={root.Id ?? ''} /> : all.none },
          { label: t.management, value: organization.MasterAccountId ?? all.none },
          { label: t.managementEmail, value: <span className="long-words">{organization.MasterAccountEmail ?? all.none}</span> },
          ...(verification
            ? [
                {
                  label: all.verification.status,
                  value: <StatusIndicator type={verified ? 'success' : 'warning'}>{verified ? all.verification.verified : all.verification.unverified}</StatusIndicator>,
                },
              ]
            : []),
          { label: t.arn, value: <CopyValue label={t.arn} text={organization.Arn ?? ''} /> },
        ]}
      />
    </Container>
  );
}

/** The way from consolidated billing to all features: every invited account agrees, then this one finalizes (behaviours.md 9.6). */
function AllFeatures() {
  const t = useMessages(settingsMessages);
  const i = useMessages(messages);
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const { data: sent } = useHandshakes('sent');
  const { data: received } = useHandshakes('received');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const approval = [...(sent ?? []), ...(received ?? [])].find(({ Action, State }) => Action === 'APPROVE_ALL_FEATURES' && (State === 'OPEN' || State === 'REQUESTED'));
  const begun = sent?.some(({ Action, State }) => Action === 'ENABLE_ALL_FEATURES' && (State === 'OPEN' || State === 'REQUESTED'));

  const begin = () =>
    ask({
      title: t.enableAllTitle,
      text: t.enableAllConfirm,
      button: t.enableAll,
      onConfirm: async () => {
        await (await organizations()).send(new EnableAllFeaturesCommand({}));
        notify({ type: 'success', content: t.began });
        await changed();
      },
    });
  const finalize = async () => {
    setRunning(true);
    setFailure(null);
    try {
      await (await organizations()).send(new AcceptHandshakeCommand({ HandshakeId: approval?.Id }));
      notify({ type: 'success', content: t.finalized });
      await changed();
    } catch (error) {
      setFailure(error);
    } finally {
      setRunning(false);
    }
  };

  return (
    <Container
      header={
        <Header variant="h2" description={t.enableAllText} actions={!begun && !approval && <Button onClick={begin}>{t.enableAll}</Button>}>
          {t.enableAll}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {failure !== null && <FailureAlert error={failure} />}
        {begun || approval ? (
          <Alert
            type="info"
            header={t.waiting}
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button href={paths.invitations}>{i.nav.invitations}</Button>
                {approval && (
                  <Button loading={running} onClick={() => void finalize()}>
                    {t.finalize}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {t.waitingText}
          </Alert>
        ) : (
          <StatusIndicator type="info">{i.features.CONSOLIDATED_BILLING}</StatusIndicator>
        )}
      </SpaceBetween>
      {dialog}
    </Container>
  );
}

function Deletion({ organization }: { organization: Organization }) {
  const t = useMessages(settingsMessages);
  const { organizations } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();
  const remove = () =>
    ask({
      title: t.removeTitle,
      text: t.removeConfirm,
      confirmText: organization.Id ?? '',
      onConfirm: async () => {
        await (await organizations()).send(new DeleteOrganizationCommand({}));
        notify({ type: 'success', content: t.removed });
        void navigate(paths.accounts);
        await changed();
      },
    });
  return (
    <Container
      header={
        <Header variant="h2" description={t.removeText} actions={<Button onClick={remove}>{t.remove}</Button>}>
          {t.remove}
        </Header>
      }
    >
      {dialog}
    </Container>
  );
}
