import { InviteAccountToOrganizationCommand } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { toConsoleFailure } from '../../failure';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FailureAlert } from '../../ui/FailureAlert';
import { NewTagsContainer, useNewTags } from '../../ui/NewTags';
import { Optional } from '../../ui/Optional';
import { useChanged } from '../organization';
import { paths } from '../paths';
import { accountsMessages } from './messages';
import { LONGEST_NOTES, MOST_INVITED, readInvited, type Invited } from './newAccount';

/** Invites accounts that there are; whoever was not invited stays in the field, with the reason. */
export function InviteAccounts() {
  const t = useMessages(accountsMessages);
  const { organizations } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const changed = useChanged();
  const [whom, setWhom] = useState('');
  const [notes, setNotes] = useState('');
  const tags = useNewTags();
  const [tried, setTried] = useState(false);
  const [running, setRunning] = useState(false);
  const [failures, setFailures] = useState<{ target: Invited; error: unknown }[]>([]);
  const { invited, wrong } = readInvited(whom);
  const fault = wrong !== undefined ? t.inviteInvalid(wrong) : invited.length === 0 ? t.inviteMissing : invited.length > MOST_INVITED ? t.inviteTooMany : undefined;

  const invite = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault || !tags.valid) return;
    setRunning(true);
    const failed: { target: Invited; error: unknown }[] = [];
    for (const target of invited) {
      try {
        // One after the other: the organization refuses two changes at once.
        // oxlint-disable-next-line no-await-in-loop
        await (await organizations()).send(new InviteAccountToOrganizationCommand({ Target: target, ...(notes && { Notes: notes }), ...tags.request }));
      } catch (error) {
        failed.push({ target, error });
      }
    }
    const sent = invited.length - failed.length;
    if (sent > 0) {
      notify({ type: 'success', content: t.inviteSent(sent) });
      await changed();
    }
    if (failed.length === 0) {
      void navigate(paths.invitations);
      return;
    }
    setFailures(failed);
    setWhom(failed.map(({ target }) => target.Id).join('\n'));
    setRunning(false);
  };

  return (
    <form noValidate onSubmit={(event) => void invite(event)}>
      <SpaceBetween size="l">
        {failures.length === 1 && <FailureAlert error={failures[0]?.error} />}
        {failures.length > 1 && (
          <div role="alert">
            <Alert type="error">
              <ul className="plain-list">
                {failures.map(({ target, error }) => (
                  <li key={target.Id}>
                    {t.notInvited(target.Id)}: {toConsoleFailure(error).detail ?? toConsoleFailure(error).code}
                  </li>
                ))}
              </ul>
            </Alert>
          </div>
        )}
        <Container header={<Header variant="h2">{t.inviteOption}</Header>}>
          <SpaceBetween size="m">
            <FormField label={t.inviteWhom} constraintText={t.inviteWhomHint} errorText={tried && fault} stretch>
              <Textarea value={whom} rows={3} autoComplete={false} spellcheck={false} onChange={({ detail }) => setWhom(detail.value)} />
            </FormField>
            <FormField
              label={<Optional>{t.notes}</Optional>}
              constraintText={t.notesHint}
              stretch
            >
              <Textarea value={notes} rows={3} onChange={({ detail }) => setNotes(detail.value.slice(0, LONGEST_NOTES))} />
            </FormField>
          </SpaceBetween>
        </Container>
        <NewTagsContainer of={tags} tried={tried} />
        <Box float="right">
          <Button variant="primary" loading={running}>
            {t.inviteButton}
          </Button>
        </Box>
      </SpaceBetween>
    </form>
  );
}
