import type { Account } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Table from '@cloudscape-design/components/table';
import Wizard from '@cloudscape-design/components/wizard';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { describeAccount } from '../../ui/accountTree/search';
import { FailureAlert } from '../../ui/FailureAlert';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { PermissionSetPicker } from '../access/PermissionSetPicker';
import { minutesOf, type DescribedSet } from '../access/permissionSets';
import { mapPool } from '../access/pool';
import { PrincipalPicker } from '../access/PrincipalPicker';
import { principalKey, type Principal } from '../access/principals';
import { SessionDuration } from '../access/SessionDuration';
import { useWorks } from '../access/useWorks';
import { WorksProgress } from '../access/WorksProgress';
import { accessMessages } from '../accessMessages';
import { assignedAccounts, assignments, assignmentWork, MOST_ASSIGNMENTS, type AssignmentWork } from './assignment';
import { accountMessages } from './messages';
import { isNear, quotaKey, useRoleQuotas } from './quotas';

const list = '/singlesignon/accounts';

/** Gives users and groups access to the accounts that the address names, in three steps (G-40…G-44). */
export function Component() {
  const t = useMessages(accountMessages);
  usePageTitle(t.assign, { breadcrumbs: [{ text: t.title, href: list }], contentType: 'wizard' });
  return <WithInstance title={t.assign}>{(instance) => <Chosen instance={instance} />}</WithInstance>;
}

/** Finds the names of the accounts, and says so when there are none. */
function Chosen({ instance }: { instance: Instance }) {
  const t = useMessages(accountMessages);
  const { organizations } = useClients();
  const [search] = useSearchParams();
  const ids = assignedAccounts(search);
  const { data, error, refetch } = useQuery({
    queryKey: ['organizations', 'accounts-of', ...ids],
    queryFn: async ({ signal }) => {
      const client = await organizations();
      return mapPool(ids, async (id) => ({ id, account: await describeAccount(client, id, signal) }));
    },
  });
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  const gone = data.filter(({ account }) => account === null).map(({ id }) => id);
  if (ids.length === 0 || gone.length > 0) {
    return (
      <SpaceBetween size="m">
        <Header variant="h1">{t.assign}</Header>
        <Alert type="warning" header={gone.length > 0 ? t.wizard.gone(gone.join(', ')) : t.wizard.noAccounts} action={<Button href={list}>{t.wizard.done}</Button>}>
          {t.wizard.noAccountsText}
        </Alert>
      </SpaceBetween>
    );
  }
  return <Assign key={ids.join()} instance={instance} accounts={data.map(({ account }) => account!)} />;
}

function Assign({ instance, accounts }: { instance: Instance; accounts: readonly Account[] }) {
  const t = useMessages(accountMessages);
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const [principals, setPrincipals] = useState<Principal[]>([]);
  const [sets, setSets] = useState<DescribedSet[]>([]);
  const [submitted, setSubmitted] = useState(false);
  const works = useWorks<AssignmentWork>();
  const targets = accounts.map(({ Id = '', Name = '' }) => ({ id: Id, name: Name || Id }));
  const name = targets.length === 1 ? targets[0]!.name : t.wizard.several(targets.length);

  const submit = () => {
    setSubmitted(true);
    works.run(
      assignments(
        targets,
        principals,
        sets.map(({ PermissionSetArn, Name }) => ({ arn: PermissionSetArn, name: Name })),
      ).map((assignment) => assignmentWork(ssoAdmin, instance, assignment, true)),
    );
  };

  // What pages show of these accounts is old from now on.
  const over = submitted && works.over;
  useEffect(() => {
    if (!over) return;
    void queries.invalidateQueries({ queryKey: ['sso-admin'] });
    void queries.invalidateQueries({ queryKey: quotaKey });
  }, [over, queries]);

  if (!submitted) return <Steps {...{ instance, targets, name, principals, setPrincipals, sets, setSets, submit }} />;
  return <Submitted works={works} name={name} />;
}

interface StepsProps {
  instance: Instance;
  targets: readonly { id: string; name: string }[];
  name: string;
  principals: Principal[];
  setPrincipals: (principals: Principal[]) => void;
  sets: DescribedSet[];
  setSets: (sets: DescribedSet[]) => void;
  submit: () => void;
}

function Steps({ instance, targets, name, principals, setPrincipals, sets, setSets, submit }: StepsProps) {
  const t = useMessages(accountMessages);
  const words = t.wizard;
  const navigate = useNavigate();
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const titles = [words.peopleTitle(name), words.setsTitle(name), words.reviewTitle(name)];
  usePageTitle(titles[step]!, { breadcrumbs: [{ text: t.title, href: list }], contentType: 'wizard' });
  const count = targets.length * principals.length * sets.length;
  const fault = [principals.length === 0 ? words.choosePeople : '', sets.length === 0 ? words.chooseSets : '', count > MOST_ASSIGNMENTS ? words.tooManyAssignments(count, MOST_ASSIGNMENTS) : ''];
  const mayLeave = () => {
    setTried(fault[step] !== '');
    return fault[step] === '';
  };
  const shown = tried && Boolean(fault[step]) && (
    <div role="alert">
      <Alert type="error">{fault[step]}</Alert>
    </div>
  );
  return (
    <Wizard
      submitButtonText={words.submit}
      activeStepIndex={step}
      onNavigate={({ detail: { requestedStepIndex } }) => {
        if (requestedStepIndex > step && !mayLeave()) return;
        setTried(false);
        setStep(requestedStepIndex);
      }}
      onCancel={() => void navigate(list)}
      onSubmit={() => {
        if (mayLeave()) submit();
      }}
      steps={[
        {
          title: words.people,
          description: titles[0],
          content: (
            <SpaceBetween size="m">
              {shown}
              <Container header={<Header variant="h2" description={words.peopleHint}>{t.account.tabs.people}</Header>}>
                <PrincipalPicker instance={instance} selected={principals} onSelect={setPrincipals} />
              </Container>
            </SpaceBetween>
          ),
        },
        {
          title: words.sets,
          description: titles[1],
          content: (
            <SpaceBetween size="m">
              {shown}
              <PermissionSetPicker variant="container" instance={instance} selected={sets} onSelect={setSets} />
            </SpaceBetween>
          ),
        },
        {
          title: words.review,
          description: titles[2],
          content: (
            <SpaceBetween size="l">
              {shown}
              <Quotas instance={instance} targets={targets} more={sets.length} />
              <Review {...{ targets, principals, sets, count, onEdit: setStep }} />
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

/** Warns of accounts that have no room for the roles that the sets need. */
function Quotas({ instance, targets, more }: { instance: Instance; targets: StepsProps['targets']; more: number }) {
  const t = useMessages(accountMessages).wizard;
  const { data = [] } = useRoleQuotas(
    instance,
    targets.map(({ id }) => id),
  );
  const near = data.filter((quota) => isNear({ ...quota, Roles: quota.Roles + more }));
  if (near.length === 0) return null;
  return (
    <Alert type="warning" header={t.quotaTitle}>
      <ul className="plain-list">
        {near.map(({ AccountId, Roles, Limit }) => (
          <li key={AccountId}>{t.quotaText(targets.find(({ id }) => id === AccountId)?.name ?? AccountId, Roles, Limit, more)}</li>
        ))}
      </ul>
      {t.quotaHint}
    </Alert>
  );
}

function Review({ targets, principals, sets, count, onEdit }: Pick<StepsProps, 'targets' | 'principals' | 'sets'> & { count: number; onEdit: (step: number) => void }) {
  const t = useMessages(accountMessages);
  const words = useMessages(accessMessages);
  const edit = (step: number, title: string) => (
    <Button ariaLabel={`${words.edit}: ${title}`} onClick={() => onEdit(step)}>
      {words.edit}
    </Button>
  );
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.wizard.accounts}</Header>}>
        <ul className="plain-list">
          {targets.map(({ id, name }) => (
            <li key={id} className="long-words">
              {name} ({id})
            </li>
          ))}
        </ul>
      </Container>
      <Table<Principal>
        wrapLines
        trackBy={principalKey}
        items={principals}
        header={
          <Header variant="h2" counter={`(${principals.length})`} actions={edit(0, t.wizard.people)}>
            {t.wizard.step(1, t.wizard.people)}
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: words.name, isRowHeader: true, minWidth: 150, cell: ({ name }) => <span className="long-words">{name}</span> },
          { id: 'type', header: words.type, minWidth: 110, cell: ({ type }) => words.principal[type] },
          { id: 'detail', header: words.description, minWidth: 160, cell: ({ detail }) => <span className="long-words">{detail || '–'}</span> },
        ]}
      />
      <Table<DescribedSet>
        wrapLines
        trackBy={({ PermissionSetArn }) => PermissionSetArn}
        items={sets}
        header={
          <Header variant="h2" counter={`(${sets.length})`} actions={edit(1, t.wizard.sets)}>
            {t.wizard.step(2, t.wizard.sets)}
          </Header>
        }
        columnDefinitions={[
          { id: 'name', header: words.set.name, isRowHeader: true, minWidth: 190, cell: ({ Name }) => <span className="long-words">{Name}</span> },
          { id: 'description', header: words.description, minWidth: 160, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
          { id: 'session', header: words.set.session, minWidth: 130, cell: ({ SessionDuration: duration }) => <SessionDuration minutes={minutesOf(duration)} /> },
        ]}
      />
      <FormField>
        <Box fontWeight="bold">{t.wizard.total(count)}</Box>
      </FormField>
    </SpaceBetween>
  );
}

function Submitted({ works, name }: { works: ReturnType<typeof useWorks<AssignmentWork>>; name: string }) {
  const t = useMessages(accountMessages);
  const words = useMessages(accessMessages);
  const title = t.wizard.progressTitle(name);
  usePageTitle(title, { breadcrumbs: [{ text: t.title, href: list }] });
  return (
    <SpaceBetween size="l">
      <Header variant="h1">{title}</Header>
      <WorksProgress<AssignmentWork>
        works={works}
        title={t.wizard.assignments}
        success={t.wizard.success(works.total)}
        text={({ account, principal, set }) => `${account.name} ${account.id} ${principal.name} ${set.name}`}
        actions={
          <Button variant="primary" href={list}>
            {t.wizard.done}
          </Button>
        }
        columns={[
          { id: 'account', header: t.wizard.account, isRowHeader: true, minWidth: 160, cell: ({ account }) => <span className="long-words">{account.name === account.id ? account.id : `${account.name} (${account.id})`}</span> },
          { id: 'principal', header: t.wizard.principal, minWidth: 190, cell: ({ principal }) => <span className="long-words">{principal.name}</span> },
          { id: 'set', header: words.set.name, minWidth: 190, cell: ({ set }) => <span className="long-words">{set.name}</span> },
        ]}
      />
    </SpaceBetween>
  );
}
