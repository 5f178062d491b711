import { AddCommunicationToCaseCommand, DescribeAttachmentCommand, ResolveCaseCommand, type CaseDetails, type Communication } from '@aws-sdk/client-support';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useParams } from 'react-router';
import { useClients } from '../console';
import { errorCode } from '../failure';
import { useFormat } from '../format';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { usePageTitle } from '../page';
import { useConfirmDelete } from '../ui/confirmDelete';
import { FailureAlert } from '../ui/FailureAlert';
import { lengthOf, MAX_BODY } from './cases';
import { CaseStatus } from './CaseStatus';
import { attach, problemOf, save } from './files';
import { Files } from './Files';
import { Loading } from './Loading';
import { messages } from './messages';
import { NoSecrets } from './NoSecrets';
import { useConversation } from './useCases';
import './support.css';
import { aboutOf, useNames } from './useNames';

/** Who answers, as the API names them; the customer's own have an e-mail address. */
const STAFF = 'Amazon Web Services';

export function Component() {
  const all = useMessages(messages);
  const t = all.case;
  const { displayId = '' } = useParams();
  const { support } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const conversation = useConversation(displayId);
  const { ask, dialog } = useConfirmDelete();
  usePageTitle(t.title(displayId), {
    breadcrumbs: [{ text: all.nav.cases, href: '/support/cases' }],
  });

  if (errorCode(conversation.error) === 'CaseIdNotFound') {
    return (
      <Alert type="warning" header={t.notFound} action={<Button href="/support/cases">{all.nav.cases}</Button>}>
        {t.notFoundText}
      </Alert>
    );
  }
  if (conversation.error && !conversation.data) return <FailureAlert error={conversation.error} onRetry={() => void conversation.refetch()} />;
  if (!conversation.data) {
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.title(displayId)}</Header>
        <Loading text={t.loading} />
      </SpaceBetween>
    );
  }
  const { details, messages: written } = conversation.data;
  const changed = () => queries.invalidateQueries({ queryKey: ['support'], predicate: ({ queryKey }) => queryKey[1] !== 'names' });
  const resolve = () =>
    ask({
      title: t.resolveTitle,
      text: t.resolveText,
      button: t.resolve,
      reversible: true,
      onConfirm: async () => {
        await (await support()).send(new ResolveCaseCommand({ caseId: details.caseId }));
        notify({ type: 'success', content: t.resolved(displayId) });
        await changed();
      },
    });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={t.title(displayId)} actions={details.status !== 'resolved' && <Button onClick={resolve}>{t.resolve}</Button>}>
        <span className="long-words">{details.subject}</span>
      </Header>
      <Details details={details} />
      <Container header={<Header variant="h2" description={details.status === 'resolved' ? undefined : t.waiting}>{t.conversation}</Header>}>
        <div role="log" aria-label={t.conversation}>
          <SpaceBetween size="l">
            {written.map((message) => (
              <Message key={`${message.timeCreated}${message.submittedBy}`} message={message} />
            ))}
          </SpaceBetween>
        </div>
      </Container>
      <Reply details={details} onSent={changed} />
      {dialog}
    </SpaceBetween>
  );
}

function Details({ details }: { details: CaseDetails }) {
  const all = useMessages(messages);
  const t = all.case;
  const format = useFormat();
  const names = useNames();
  const severity = names.data?.severities.find(({ code }) => code === details.severityCode)?.name ?? details.severityCode;
  return (
    <Container header={<Header variant="h2">{t.details}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={180}
        items={[
          { label: t.status, value: <CaseStatus status={details.status} /> },
          { label: t.category, value: aboutOf(names.data, details.serviceCode, details.categoryCode) },
          { label: t.severity, value: severity ?? '–' },
          { label: t.opened, value: format.dateTime(details.timeCreated ? new Date(details.timeCreated) : undefined) },
          { label: all.list.submittedBy, value: <span className="long-words">{details.submittedBy}</span> },
          { label: t.cc, value: <span className="long-words">{details.ccEmailAddresses?.join(', ') || t.none}</span> },
        ]}
      />
    </Container>
  );
}

function Message({ message }: { message: Communication }) {
  const t = useMessages(messages).case;
  const format = useFormat();
  const { support } = useClients();
  const notify = useNotify();
  const { body = '', submittedBy = '', timeCreated, attachmentSet = [] } = message;
  const fromStaff = submittedBy === STAFF;
  const download = async (attachmentId?: string) => {
    try {
      const { attachment } = await (await support()).send(new DescribeAttachmentCommand({ attachmentId }));
      if (attachment) save(attachment);
    } catch {
      notify({ type: 'error', content: t.downloadFailed });
    }
  };
  return (
    <article className={fromStaff ? 'support-message support-message-staff' : 'support-message'}>
      <SpaceBetween size="xxs">
        <div>
          <Box variant="strong">{fromStaff ? t.fromSupport : <span className="long-words">{submittedBy}</span>}</Box>{' '}
          <Box variant="span" color="text-body-secondary" fontSize="body-s">
            {timeCreated && <time dateTime={timeCreated}>{format.dateTime(new Date(timeCreated))}</time>}
          </Box>
        </div>
        <div className="support-text">{body}</div>
        {attachmentSet.length > 0 && (
          <SpaceBetween direction="horizontal" size="s">
            {attachmentSet.map(({ attachmentId, fileName = '' }) => (
              <Button key={attachmentId} variant="inline-link" iconName="file" ariaLabel={t.download(fileName)} onClick={() => void download(attachmentId)}>
                {fileName}
              </Button>
            ))}
          </SpaceBetween>
        )}
      </SpaceBetween>
    </article>
  );
}

function Reply({ details, onSent }: { details: CaseDetails; onSent: () => Promise<unknown> }) {
  const all = useMessages(messages);
  const t = all.case;
  const { support } = useClients();
  const notify = useNotify();
  const [text, setText] = useState('');
  const [files, setFiles] = useState<File[]>([]);
  const [submitted, setSubmitted] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const resolved = details.status === 'resolved';
  const problem = problemOf(files);
  let error: string | undefined;
  if (!text.trim()) error = all.create.required;
  else if (lengthOf(text) > MAX_BODY) error = all.create.tooLong(MAX_BODY);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (error || problem) return;
    setRunning(true);
    setFailure(null);
    try {
      const client = await support();
      const attachmentSetId = await attach(client, files);
      await client.send(new AddCommunicationToCaseCommand({ caseId: details.caseId, communicationBody: text, attachmentSetId }));
      await onSent();
      setText('');
      setFiles([]);
      setSubmitted(false);
      notify({ type: 'success', content: t.sent });
    } catch (reason) {
      setFailure(reason);
    }
    setRunning(false);
  };

  return (
    <form noValidate onSubmit={(event) => void send(event)}>
      <Container
        header={
          <Header variant="h2" description={resolved ? t.reopenHint : undefined}>
            {t.reply}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <NoSecrets />
          <FormField label={t.replyLabel} errorText={submitted && error}>
            <Textarea value={text} rows={5} onChange={({ detail }) => setText(detail.value)} />
          </FormField>
          <Files files={files} problem={problem} onChange={setFiles} />
          {failure !== null && <FailureAlert error={failure} />}
          <Button variant="primary" loading={running}>
            {resolved ? t.reopen : t.send}
          </Button>
        </SpaceBetween>
      </Container>
    </form>
  );
}
