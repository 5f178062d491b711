import { LeaveOrganizationCommand, type Organization } from '@aws-sdk/client-organizations';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { CopyValue } from '../../../shared/ui/CodeBlock';
import { useClients } from '../console';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { useConfirmDelete } from '../ui/confirmDelete';
import { messages } from './messages';
import { useChanged } from './organization';

/** What a member account sees of its organization: whose it is, and the way out. */
export function MemberHome({ organization }: { organization: Organization }) {
  const all = useMessages(messages);
  const t = all.member;
  const { organizations } = useClients();
  const notify = useNotify();
  const changed = useChanged();
  const { ask, dialog } = useConfirmDelete();

  const leave = () =>
    ask({
      title: t.leaveTitle,
      text: t.leaveText,
      confirmText: organization.Id ?? '',
      button: t.leave,
      onConfirm: async () => {
        await (await organizations()).send(new LeaveOrganizationCommand({}));
        notify({ type: 'success', header: t.left });
        await changed();
      },
    });

  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.description} actions={<Button onClick={leave}>{t.leave}</Button>}>
        {t.title}
      </Header>
      <Container>
        <SpaceBetween size="m">
          <KeyValuePairs
            columns={3}
            minColumnWidth={200}
            items={[
              { label: t.id, value: <CopyValue label={t.id} text={organization.Id ?? ''} /> },
              { label: t.featureSet, value: organization.FeatureSet && all.features[organization.FeatureSet] },
              { label: t.managementId, value: organization.MasterAccountId ?? all.none },
              { label: t.managementEmail, value: <span className="long-words">{organization.MasterAccountEmail ?? all.none}</span> },
              { label: t.arn, value: <CopyValue label={t.arn} text={organization.Arn ?? ''} /> },
            ]}
          />
          <div>{t.limited}</div>
        </SpaceBetween>
      </Container>
      {dialog}
    </SpaceBetween>
  );
}
