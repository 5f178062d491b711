import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import Wizard from '@cloudscape-design/components/wizard';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useLocale } from '../../../../shared/locale';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { useIdentityCenter } from '../api';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { GroupPicker } from '../groups/GroupPicker';
import { peopleMessages } from '../peopleMessages';
import { addUser, type Added, type Wanted } from './addUser';
import { AddedUser } from './AddedUser';
import { userMessages } from './messages';
import { blankProfile, faultsOf, optionalGroups, type Profile } from './profile';
import { OptionalFields, PrimaryFields } from './ProfileFields';
import { takenField } from './refusal';
import { userHref, usersKey } from './useUsers';

export function Component() {
  const all = useMessages(peopleMessages);
  const t = useMessages(userMessages).wizard;
  usePageTitle(t.title, { breadcrumbs: [{ text: all.users, href: '/singlesignon/users' }] });
  return <WithInstance title={t.title}>{(instance) => <AddUser instance={instance} />}</WithInstance>;
}

function AddUser({ instance }: { instance: Instance }) {
  const [added, setAdded] = useState<Added | null>(null);
  return added ? <AddedUser instance={instance} added={added} onChange={setAdded} /> : <AddUserWizard instance={instance} onAdded={setAdded} />;
}

function AddUserWizard({ instance, onAdded }: { instance: Instance; onAdded: (added: Added) => void }) {
  const all = useMessages(userMessages);
  const t = all.wizard;
  const { identityStore } = useClients();
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notify = useNotify();
  const { locale } = useLocale();
  // Mail goes out in English unless the person's language is known; whoever reads this page in another one most likely writes to people in it.
  const [wanted, setWanted] = useState<Wanted>({ profile: { ...blankProfile, preferredLanguage: locale === 'en' ? '' : locale }, password: 'mail', groups: [] });
  const [again, setAgain] = useState('');
  const [step, setStep] = useState(0);
  const [tried, setTried] = useState(0);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [taken, setTaken] = useState<Partial<Profile>>({});
  const page = useRef<HTMLDivElement>(null);

  // A refused step takes the keyboard to the first field that has to be mended.
  useEffect(() => {
    if (tried > 0) page.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [tried]);

  const { profile } = wanted;
  const faults = faultsOf(profile);
  const differs = again.trim() !== profile.email.trim();
  const refused = {
    ...(taken.userName === profile.userName && { userName: all.taken.userName }),
    ...(taken.email === profile.email && { email: all.taken.email }),
  };
  const ready = Object.keys(faults).length === 0 && !differs && Object.keys(refused).length === 0;

  const add = async () => {
    setRunning(true);
    setFailure(null);
    try {
      const added = await addUser(await identityStore(), call, instance, wanted);
      await Promise.all([usersKey(instance), ['singlesignon', 'members', instance.directory]].map((queryKey) => queries.invalidateQueries({ queryKey })));
      if (added.missing.length > 0 || added.issued) {
        onAdded(added);
        return;
      }
      notify({ type: 'success', content: t.addedInvited(profile.userName, profile.email) });
      void navigate(userHref(added.userId));
    } catch (error) {
      const field = takenField(error);
      if (field === undefined) {
        setFailure(error);
      } else {
        setTaken({ ...taken, [field]: profile[field] });
        setStep(0);
        setTried((n) => n + 1);
      }
      setRunning(false);
    }
  };

  return (
    <div ref={page}>
      <Wizard
        submitButtonText={t.submit}
        isLoadingNextStep={running}
        activeStepIndex={step}
        onNavigate={({ detail: { requestedStepIndex } }) => {
          if (requestedStepIndex > step && step === 0 && !ready) {
            setTried((n) => n + 1);
            return;
          }
          setFailure(null);
          setStep(requestedStepIndex);
        }}
        onCancel={() => void navigate('/singlesignon/users')}
        onSubmit={() => void add()}
        steps={[
          {
            title: t.details,
            content: (
              <SpaceBetween size="l">
                <Container header={<Header variant="h2">{all.groupsOfFields.primary}</Header>}>
                  <PrimaryFields
                    isNew
                    profile={profile}
                    faults={tried > 0 ? faults : {}}
                    refused={refused}
                    onChange={(change) => setWanted((now) => ({ ...now, profile: { ...now.profile, ...change } }))}
                    again={
                      <FormField label={all.fields.emailAgain} errorText={tried > 0 && differs && all.faults.differs}>
                        <Input value={again} inputMode="email" autoComplete={false} spellcheck={false} onChange={({ detail }) => setAgain(detail.value)} />
                      </FormField>
                    }
                  />
                </Container>
                <Container header={<Header variant="h2">{t.how}</Header>}>
                  <Tiles
                    ariaLabel={t.how}
                    columns={1}
                    value={wanted.password}
                    onChange={({ detail }) => setWanted({ ...wanted, password: detail.value as Wanted['password'] })}
                    items={[
                      { value: 'mail', label: t.mail, description: `${t.mailText} ${t.mailHint}` },
                      { value: 'otp', label: t.otp, description: t.otpText },
                    ]}
                  />
                </Container>
                <OptionalFields profile={profile} faults={tried > 0 ? faults : {}} onChange={(change) => setWanted((now) => ({ ...now, profile: { ...now.profile, ...change } }))} />
              </SpaceBetween>
            ),
          },
          {
            title: t.groups,
            isOptional: true,
            description: t.groupsText,
            content: (
              <Container>
                <GroupPicker instance={instance} selected={wanted.groups} onSelect={(groups) => setWanted({ ...wanted, groups })} />
              </Container>
            ),
          },
          {
            title: t.review,
            content: (
              <SpaceBetween size="l">
                {failure !== null && <FailureAlert error={failure} />}
                <Review wanted={wanted} />
              </SpaceBetween>
            ),
          },
        ]}
      />
    </div>
  );
}

function Review({ wanted: { profile, password, groups } }: { wanted: Wanted }) {
  const all = useMessages(userMessages);
  const t = all.wizard;
  const filled = Object.values(optionalGroups)
    .flat()
    .filter((key) => profile[key] !== '');
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{t.details}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={200}
          items={[
            ...(['userName', 'email', 'givenName', 'familyName', 'displayName', ...filled] as const).map((key) => ({
              label: all.fields[key],
              value: <span className="long-words">{profile[key]}</span>,
            })),
            { label: t.how, value: password === 'mail' ? t.mail : t.otp },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">{t.groupsChosen}</Header>}>
        {groups.length === 0 ? (
          t.noGroups
        ) : (
          <ul className="plain-list">
            {groups.map(({ GroupId, DisplayName }) => (
              <li key={GroupId} className="long-words">
                {DisplayName}
              </li>
            ))}
          </ul>
        )}
      </Container>
    </SpaceBetween>
  );
}
