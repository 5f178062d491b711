import { GetAccountSummaryCommand } from '@aws-sdk/client-iam';
import { CreateOrganizationCommand } from '@aws-sdk/client-organizations';
import { CreateInstanceCommand } from '@aws-sdk/client-sso-admin';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tiles from '@cloudscape-design/components/tiles';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useNavigate } from 'react-router';
import { useClients, useConsole, useSession } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { groupedAccountId } from '../../session';
import { FailureAlert } from '../../ui/FailureAlert';
import { FormModal } from '../../ui/FormModal';
import { useMembership } from '../../ui/useMembership';
import { instanceKey, useInstance } from '../instance';
import { peopleMessages } from '../peopleMessages';
import { enableMessages } from './messages';
import { organizationKey, situationOf, useOrganization, type Situation } from './situation';

const home = '/singlesignon/dashboard';

export function Component() {
  const instance = useInstance();
  const { accountId } = useSession();
  const shared = !!instance.data && instance.data.OwnerAccountId !== accountId;
  const membership = useMembership(shared);
  // Whoever comes here by an old link finds it enabled. A member may have an instance of its own beside the organization's.
  const enabled = shared ? membership.data?.AdministersIdentityCenter : !!instance.data;
  return enabled ? <Navigate to={home} replace /> : <EnablePage />;
}

/** Enables IAM Identity Center, and creates the organization that it needs (G-01…G-04). */
export function EnablePage() {
  const t = useMessages(enableMessages);
  const title = useMessages(peopleMessages).title;
  const { accountId } = useSession();
  usePageTitle(t.title);
  const organization = useOrganization();
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.lead}>
        {title}
      </Header>
      <RootMfa />
      {organization.error && <FailureAlert error={organization.error} onRetry={() => void organization.refetch()} />}
      {organization.isPending && <Spinner />}
      {organization.data !== undefined && <Enable situation={situationOf(organization.data, accountId)} />}
      <Alert type="info" header={t.sourceTitle}>
        {t.sourceText}
      </Alert>
    </SpaceBetween>
  );
}

/** G-02. Who may not read the account's summary is told nothing: it is the root user's and administrators' to mend. */
function RootMfa() {
  const t = useMessages(enableMessages).rootMfa;
  const { kind } = useSession();
  const { iam } = useClients();
  const summary = useQuery({
    queryKey: ['singlesignon', 'root-mfa'],
    queryFn: async ({ signal }) => (await (await iam()).send(new GetAccountSummaryCommand({}), { abortSignal: signal })).SummaryMap?.AccountMFAEnabled ?? 0,
  });
  if (summary.data !== 0) return null;
  return (
    <Alert type="warning" header={t.title} action={kind === 'root' && <Button href="/security-credentials#mfa">{t.action}</Button>}>
      {t.text}
    </Alert>
  );
}

function Enable({ situation }: { situation: Situation }) {
  const t = useMessages(enableMessages);
  const { region } = useConsole();
  const { ssoAdmin, organizations } = useClients();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const standalone = situation.kind === 'standalone';
  const [alone, setAlone] = useState(false);
  const [asking, setAsking] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const createInstance = async (done: string) => {
    await (await ssoAdmin()).send(new CreateInstanceCommand({}));
    notify({ type: 'success', content: done });
    await queries.invalidateQueries({ queryKey: instanceKey });
    void navigate(home);
  };

  const enable = async () => {
    if (standalone && !alone) {
      setAsking(true);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      await createInstance(t.done);
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  const createOrganization = async () => {
    await (await organizations()).send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    try {
      await createInstance(t.doneWithOrganization);
    } catch (error) {
      // The organization is there; the page then offers what is left to do.
      setAsking(false);
      setFailure(error);
    }
    await queries.invalidateQueries({ queryKey: organizationKey });
  };

  return (
    <SpaceBetween size="l">
      {situation.kind === 'not-all-features' && (
        <Alert type="warning" header={t.features.title} action={<Button href="/organizations/v2/home/settings">{t.features.action}</Button>}>
          {t.features.text}
        </Alert>
      )}
      {situation.kind === 'member' && (
        <Alert type="warning" header={t.member.title}>
          {t.member.text(groupedAccountId(situation.managementAccount))} {t.member.own}
        </Alert>
      )}
      <Container
        header={<Header variant="h2">{t.title}</Header>}
        footer={
          <Button variant="primary" loading={running} disabled={situation.kind === 'not-all-features'} onClick={() => void enable()}>
            {t.enable}
          </Button>
        }
      >
        <SpaceBetween size="l">
          {standalone && (
            <Tiles
              ariaLabel={t.kind}
              columns={2}
              value={alone ? 'account' : 'organization'}
              onChange={({ detail }) => setAlone(detail.value === 'account')}
              items={[
                { value: 'organization', label: t.organization, description: t.organizationText },
                { value: 'account', label: t.account, description: t.accountText },
              ]}
            />
          )}
          {situation.kind === 'ready' && <div>{t.organizationText}</div>}
          {situation.kind === 'member' && <div>{t.accountText}</div>}
          <KeyValuePairs
            columns={1}
            items={[
              {
                label: t.region,
                value: (
                  <>
                    <div>{region}</div>
                    <Box color="text-body-secondary" fontSize="body-s">
                      {t.regionText}
                    </Box>
                  </>
                ),
              },
            ]}
          />
          {failure !== null && <FailureAlert error={failure} />}
        </SpaceBetween>
      </Container>
      {asking && (
        <FormModal title={t.create.title} submit={t.create.submit} onSubmit={createOrganization} onClose={() => setAsking(false)}>
          <div>{t.create.text}</div>
          <div>{t.create.mail}</div>
        </FormModal>
      )}
    </SpaceBetween>
  );
}
