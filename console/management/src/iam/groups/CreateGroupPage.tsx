import type { Policy } from '@aws-sdk/client-iam';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
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
import { PolicyPicker } from '../permissions/PolicyPicker';
import { UserPicker } from '../users/UserPicker';
import { GroupName } from './GroupName';
import { createGroup, groupHref, isGroupName } from './groups';
import { groupMessages } from './messages';

/** Makes a group with its users and policies, such as that of the administrators (C-21). */
export function Component() {
  const t = useMessages(groupMessages);
  const navigate = useNavigate();
  const { iam } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [users, setUsers] = useState<string[]>([]);
  const [policies, setPolicies] = useState<Policy[]>([]);
  const [step, setStep] = useState(0);
  const [fault, setFault] = useState('');
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLDivElement>(null);
  usePageTitle(t.create, { breadcrumbs: [{ text: t.title, href: '/iam/groups' }], contentType: 'wizard' });

  useEffect(() => {
    if (fault) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [fault]);

  const create = async () => {
    setRunning(true);
    setFailure(null);
    try {
      const failures = await createGroup(
        await iam(),
        name,
        users,
        policies.map(({ Arn = '' }) => Arn),
      );
      await queries.invalidateQueries({ queryKey: ['iam', 'groups'] });
      if (failures.length === 0) notify({ type: 'success', content: t.createdNotice(name) });
      for (const error of failures) notify({ type: 'warning', header: t.missing(name), content: <FailureAlert error={error} /> });
      void navigate(groupHref(name));
    } catch (error) {
      if (errorCode(error).startsWith('EntityAlreadyExists')) {
        setFault(t.nameTaken);
        setStep(0);
      } else {
        setFailure(error);
      }
      setRunning(false);
    }
  };

  return (
    <div ref={page}>
      <Wizard
        submitButtonText={t.create}
        isLoadingNextStep={running}
        activeStepIndex={step}
        allowSkipTo
        onNavigate={({ detail: { requestedStepIndex } }) => {
          if (requestedStepIndex > step && !isGroupName(name)) {
            setFault(t.nameWrong);
            return;
          }
          setFailure(null);
          setStep(requestedStepIndex);
        }}
        onCancel={() => void navigate('/iam/groups')}
        onSubmit={() => void create()}
        steps={[
          {
            title: t.nameStep,
            content: (
              <Container>
                <GroupName
                  value={name}
                  fault={fault}
                  onChange={(typed) => {
                    setName(typed);
                    setFault('');
                  }}
                />
              </Container>
            ),
          },
          {
            title: t.usersStep,
            isOptional: true,
            content: (
              <Container>
                <UserPicker title={t.users} selected={users} onSelect={setUsers} />
              </Container>
            ),
          },
          {
            title: t.policiesStep,
            isOptional: true,
            content: (
              <Container>
                <PolicyPicker selected={policies} onSelect={setPolicies} />
              </Container>
            ),
          },
          {
            title: t.reviewStep,
            content: (
              <SpaceBetween size="l">
                {failure !== null && <FailureAlert error={failure} />}
                <Container header={<Header variant="h2">{t.summary}</Header>}>
                  <KeyValuePairs
                    columns={3}
                    minColumnWidth={200}
                    items={[
                      { label: t.name, value: <span className="long-words">{name}</span> },
                      { label: t.users, value: <Names names={users} none={t.noUsersChosen} /> },
                      {
                        label: t.policies,
                        value: <Names names={policies.map(({ PolicyName = '' }) => PolicyName)} none={t.noPoliciesChosen} />,
                      },
                    ]}
                  />
                </Container>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </div>
  );
}

function Names({ names, none }: { names: string[]; none: string }) {
  if (names.length === 0) return none;
  return (
    <ul className="plain-list">
      {names.map((name) => (
        <li key={name} className="long-words">
          {name}
        </li>
      ))}
    </ul>
  );
}
