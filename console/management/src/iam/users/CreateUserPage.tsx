import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Tiles from '@cloudscape-design/components/tiles';
import Wizard from '@cloudscape-design/components/wizard';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { errorCode } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { GroupPicker } from '../groups/GroupPicker';
import { PolicyPicker } from '../permissions/PolicyPicker';
import { TagsEditor } from '../../ui/TagsEditor';
import { usePasswordPolicy } from '../settings/passwordPolicy';
import { userMessages } from './messages';
import { blankUser, CHANGE_PASSWORD, createUser, isUserName, type Missing, type NewUser } from './newUser';
import { generatePassword } from './password';
import { PasswordFields } from './PasswordFields';
import { HandOver, SignInDetails } from './SignInDetails';
import { UserPicker } from './UserPicker';
import { userHref } from './UsersPage';

interface Made {
  name: string;
  /** '' for a user without console access. Only here, until the page is left: nothing keeps a secret. */
  password: string;
  missing: Missing[];
}

/** Makes a user in three steps, and shows the password once (C-01, C-04, C-14, C-21). */
export function Component() {
  const all = useMessages(userMessages);
  const navigate = useNavigate();
  const [made, setMade] = useState<Made | null>(null);
  usePageTitle(made?.password ? all.result.title : all.wizard.title, { breadcrumbs: [{ text: all.title, href: '/iam/users' }], contentType: 'wizard' });

  const done = (result: Made) => {
    if (result.password || result.missing.length > 0) setMade(result);
    else void navigate(userHref(result.name));
  };
  return made ? <Result made={made} onMade={setMade} /> : <CreateUser onDone={done} />;
}

type Field = 'name' | 'password' | 'copy' | 'boundary' | 'tags';

function CreateUser({ onDone }: { onDone: (made: Made) => void }) {
  const all = useMessages(userMessages);
  const t = all.wizard;
  const navigate = useNavigate();
  const { iam } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const policy = usePasswordPolicy();
  const [user, setUser] = useState<NewUser>(blankUser);
  const [bounded, setBounded] = useState(false);
  const [tagsValid, setTagsValid] = useState(true);
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(false);
  const [taken, setTaken] = useState('');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLDivElement>(null);
  const change = (changed: Partial<NewUser>) => setUser((before) => ({ ...before, ...changed }));

  const faults: Record<number, Partial<Record<Field, string>>> = {
    0: {
      ...(!isUserName(user.name) ? { name: t.nameWrong } : user.name === taken && { name: t.nameTaken }),
      ...(user.console && !user.password.generated && user.password.typed === '' && { password: all.password.needed }),
    },
    1: {
      ...(user.how === 'copy' && !user.copyFrom && { copy: t.copyNeeded }),
      ...(bounded && !user.boundary && { boundary: t.boundaryNeeded }),
    },
    2: { ...(!tagsValid && { tags: t.tagsWrong }) },
  };
  const shown = tried ? faults[step]! : {};

  // The first field that is wrong takes the focus when the step is not left because of it.
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);
  const mayLeave = (): boolean => {
    const clean = Object.keys(faults[step]!).length === 0;
    setTried(!clean);
    if (!clean) setAttempts((n) => n + 1);
    return clean;
  };

  const create = async () => {
    if (!mayLeave()) return;
    setRunning(true);
    setFailure(null);
    const password = !user.console ? '' : user.password.generated ? generatePassword(policy.data ?? null) : user.password.typed;
    try {
      const missing = await createUser(await iam(), { ...user, boundary: bounded ? user.boundary : null }, password);
      await Promise.all(['users', 'group-size', 'groups'].map((list) => queries.invalidateQueries({ queryKey: ['iam', list] })));
      if (missing.length === 0 && !password) notify({ type: 'success', content: t.created(user.name) });
      onDone({ name: user.name, password, missing });
    } catch (error) {
      const code = errorCode(error);
      if (code.startsWith('EntityAlreadyExists')) {
        setTaken(user.name);
        setStep(0);
        setTried(true);
        setAttempts((n) => n + 1);
      } else {
        // What the password lacks is mended where it was typed.
        if (code.startsWith('PasswordPolicyViolation')) setStep(0);
        setFailure(error);
      }
      setRunning(false);
    }
  };

  const refused = failure !== null && <FailureAlert error={failure} />;
  return (
    <div ref={page}>
      <Wizard
        submitButtonText={t.submit}
        isLoadingNextStep={running}
        activeStepIndex={step}
        onNavigate={({ detail: { requestedStepIndex } }) => {
          if (requestedStepIndex > step && !mayLeave()) return;
          setTried(false);
          setFailure(null);
          setStep(requestedStepIndex);
        }}
        onCancel={() => void navigate('/iam/users')}
        onSubmit={() => void create()}
        steps={[
          {
            title: t.details,
            content: (
              <SpaceBetween size="l">
                {refused}
                <Container header={<Header variant="h2">{t.userDetails}</Header>}>
                  <SpaceBetween size="l">
                    <FormField label={all.name} constraintText={t.nameHint} errorText={shown.name}>
                      <Input value={user.name} autoComplete={false} spellcheck={false} onChange={({ detail }) => change({ name: detail.value })} />
                    </FormField>
                    <Checkbox checked={user.console} description={t.consoleText} onChange={({ detail }) => change({ console: detail.checked })}>
                      {t.console}
                    </Checkbox>
                    {user.console && (
                      <SpaceBetween size="l">
                        <Alert type="info" header={t.identityCenter}>
                          {t.identityCenterText}
                        </Alert>
                        <PasswordFields wish={user.password} tried={tried} onChange={(password) => change({ password })} />
                      </SpaceBetween>
                    )}
                    <Box color="text-body-secondary">{t.keysLater}</Box>
                  </SpaceBetween>
                </Container>
              </SpaceBetween>
            ),
          },
          {
            title: t.permissions,
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">{t.how}</Header>}>
                  <Tiles
                    ariaLabel={t.how}
                    columns={1}
                    value={user.how}
                    onChange={({ detail }) => change({ how: detail.value as NewUser['how'] })}
                    items={[
                      { value: 'groups', label: t.groups, description: t.groupsText },
                      { value: 'copy', label: t.copy, description: t.copyText },
                      { value: 'policies', label: t.policies, description: t.policiesText },
                    ]}
                  />
                </Container>
                <Container>
                  {user.how === 'groups' && <GroupPicker selected={user.groups} onSelect={(groups) => change({ groups })} />}
                  {user.how === 'copy' && (
                    <FormField errorText={shown.copy} stretch>
                      <UserPicker type="single" title={t.chooseUser} selected={user.copyFrom ? [user.copyFrom] : []} onSelect={([name = '']) => change({ copyFrom: name })} />
                    </FormField>
                  )}
                  {user.how === 'policies' && <PolicyPicker selected={user.policies} onSelect={(policies) => change({ policies })} />}
                </Container>
                <ExpandableSection variant="container" headerText={t.boundary} defaultExpanded={bounded}>
                  <SpaceBetween size="m">
                    <Checkbox checked={bounded} onChange={({ detail }) => setBounded(detail.checked)}>
                      {t.useBoundary}
                    </Checkbox>
                    {bounded && (
                      <FormField errorText={shown.boundary} stretch>
                        <PolicyPicker type="single" selected={user.boundary ? [user.boundary] : []} onSelect={([chosen]) => change({ boundary: chosen ?? null })} />
                      </FormField>
                    )}
                  </SpaceBetween>
                </ExpandableSection>
              </SpaceBetween>
            ),
          },
          {
            title: t.review,
            content: (
              <SpaceBetween size="l">
                {refused}
                <Review user={user} bounded={bounded} />
                <Container header={<Header variant="h2">{t.tags}</Header>}>
                  <FormField errorText={shown.tags} stretch>
                    <TagsEditor tags={user.tags} onChange={(tags) => change({ tags })} onValid={setTagsValid} />
                  </FormField>
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </div>
  );
}

function Review({ user, bounded }: { user: NewUser; bounded: boolean }) {
  const all = useMessages(userMessages);
  const t = all.wizard;
  const rows = [
    ...(user.how === 'groups' ? user.groups.map((what) => ({ kind: 'group' as const, what })) : []),
    ...(user.how === 'copy' ? [{ kind: 'copy' as const, what: user.copyFrom }] : []),
    ...(user.how === 'policies' ? user.policies.map(({ PolicyName = '' }) => ({ kind: 'policy' as const, what: PolicyName })) : []),
    ...(user.console && user.password.mustChange ? [{ kind: 'policy' as const, what: CHANGE_PASSWORD.slice(CHANGE_PASSWORD.lastIndexOf('/') + 1) }] : []),
    ...(bounded && user.boundary ? [{ kind: 'boundary' as const, what: user.boundary.PolicyName ?? '' }] : []),
  ];
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.userDetails}</Header>}>
        <KeyValuePairs
          columns={3}
          items={[
            { label: all.name, value: <span className="long-words">{user.name}</span> },
            { label: t.passwordKind, value: !user.console ? t.noPassword : user.password.generated ? all.password.generated : all.password.custom },
            { label: t.mustChange, value: user.console && user.password.mustChange ? t.yes : t.no },
          ]}
        />
      </Container>
      <Table
        variant="container"
        wrapLines
        header={<Header variant="h2">{t.summary}</Header>}
        items={rows}
        trackBy={({ kind, what }) => `${kind}/${what}`}
        empty={t.nothing}
        columnDefinitions={[
          { id: 'what', header: t.what, isRowHeader: true, cell: ({ what }) => <span className="long-words">{what}</span> },
          { id: 'type', header: t.type, cell: ({ kind }) => t.kind[kind] },
        ]}
      />
    </SpaceBetween>
  );
}

function Result({ made: { name, password, missing }, onMade }: { made: Made; onMade: (made: Made) => void }) {
  const all = useMessages(userMessages);
  const t = all.result;
  const { iam } = useClients();
  const [running, setRunning] = useState(false);

  const retry = async () => {
    setRunning(true);
    const client = await iam();
    const left: Missing[] = [];
    for (const { part } of missing) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- changes of one user would wait for each other
        await part.give(client);
      } catch (error) {
        left.push({ part, error });
      }
    }
    onMade({ name, password, missing: left });
    setRunning(false);
  };

  return (
    <SpaceBetween size="l">
      <Header variant="h1">{password ? t.title : name}</Header>
      {missing.length > 0 && (
        <Alert
          type="warning"
          header={all.wizard.missing(name)}
          action={
            <Button loading={running} onClick={() => void retry()}>
              {all.wizard.retry}
            </Button>
          }
        >
          <ul className="plain-list">
            {missing.map(({ part: { kind, name: what }, error }) => (
              <li key={`${kind}/${what}`} className="long-words">
                {all.wizard.kind[kind]} {what}: {error instanceof Error ? error.message : errorCode(error)}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {password && (
        <SpaceBetween size="l">
          <Alert type="success" header={all.wizard.created(name)}>
            {t.once}
          </Alert>
          <Container
            header={
              <Header variant="h2" actions={<HandOver user={name} password={password} />}>
                {t.details}
              </Header>
            }
          >
            <SignInDetails user={name} password={password} />
          </Container>
        </SpaceBetween>
      )}
      <Box float="right">
        <SpaceBetween direction="horizontal" size="xs">
          <Button href={userHref(name)}>{t.view}</Button>
          <Button variant="primary" href="/iam/users">
            {t.done}
          </Button>
        </SpaceBetween>
      </Box>
    </SpaceBetween>
  );
}
