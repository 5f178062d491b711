import { CreateCaseCommand, DescribeCasesCommand } from '@aws-sdk/client-support';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import Tiles from '@cloudscape-design/components/tiles';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { useLocale } from '../../../shared/locale';
import { useClients, useSession } from '../console';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { usePageTitle } from '../page';
import { FailureAlert } from '../ui/FailureAlert';
import { Optional } from '../ui/Optional';
import { ACCOUNT_AND_BILLING, composeBody, CONTACT_METHODS, isPhoneNumber, lengthOf, MAX_BODY, MAX_SUBJECT, parseAddresses, type ContactMethod } from './cases';
import { attach, problemOf } from './files';
import { Files } from './Files';
import { Loading } from './Loading';
import { messages } from './messages';
import { NoSecrets } from './NoSecrets';
import { useNames, type Names } from './useNames';

/** The form of O-02, with room for what was tried already (O-17). */
export function Component() {
  const t = useMessages(messages);
  const names = useNames();
  usePageTitle(t.create.title, { breadcrumbs: [{ text: t.nav.cases, href: '/support/cases' }], contentType: 'form' });
  if (names.error) return <FailureAlert error={names.error} onRetry={() => void names.refetch()} />;
  if (!names.data) {
    return (
      <SpaceBetween size="l">
        <Header variant="h1">{t.create.title}</Header>
        <Loading text={t.create.loading} />
      </SpaceBetween>
    );
  }
  return <CaseForm names={names.data} />;
}

const LANGUAGES: readonly SelectProps.Option[] = [
  { value: 'en', label: 'English' },
  { value: 'ja', label: '日本語' },
  { value: 'zh', label: '中文' },
  { value: 'ko', label: '한국어' },
];

function options(of: readonly { code?: string | undefined; name?: string | undefined }[]): SelectProps.Option[] {
  return of.map(({ code = '', name = '' }) => ({ value: code, label: name }));
}

function chosen(from: readonly SelectProps.Option[], value: string): SelectProps.Option | null {
  return from.find((option) => option.value === value) ?? null;
}

type Kind = 'customer-service' | 'technical';
type Field = 'service' | 'category' | 'subject' | 'body' | 'phone' | 'cc' | 'files';

function CaseForm({ names }: { names: Names }) {
  const all = useMessages(messages);
  const t = all.create;
  const { locale } = useLocale();
  const { accountStatus } = useSession();
  const { support } = useClients();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();

  // Who waits for the activation writes about that, so the form begins there.
  const waits = accountStatus === 'PENDING_ACTIVATION';
  const [kind, setKind] = useState<Kind>('customer-service');
  const [serviceCode, setServiceCode] = useState<string>(waits ? 'customer-account' : '');
  const [categoryCode, setCategoryCode] = useState<string>(waits ? 'activation' : '');
  const [severity, setSeverity] = useState(names.severities[0]?.code ?? 'low');
  const [subject, setSubject] = useState('');
  const [body, setBody] = useState('');
  const [tried, setTried] = useState('');
  const [times, setTimes] = useState('');
  const [language, setLanguage] = useState<string>(locale);
  const [method, setMethod] = useState<ContactMethod>('web');
  const [phone, setPhone] = useState('');
  const [cc, setCc] = useState('');
  const [files, setFiles] = useState<File[]>([]);
  const [submitted, setSubmitted] = useState(false);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);

  // The plan is not told; that there is more than one severity tells that it is not Basic.
  const mayAskTechnically = names.severities.length > 1;
  const services = names.services.filter(({ code = '' }) => ACCOUNT_AND_BILLING.includes(code) === (kind === 'customer-service'));
  const service = services.find(({ code }) => code === serviceCode);
  const text = composeBody({ body, tried, times, method, phone }, all.composed, t.methods[method].label);
  const addresses = parseAddresses(cc);
  const problem = problemOf(files);

  const errors: Partial<Record<Field, string>> = {};
  if (!service) errors.service = t.required;
  if (!categoryCode) errors.category = t.required;
  if (!subject.trim()) errors.subject = t.required;
  else if (lengthOf(subject) > MAX_SUBJECT) errors.subject = t.tooLong(MAX_SUBJECT);
  if (!body.trim()) errors.body = t.required;
  else if (lengthOf(text) > MAX_BODY) errors.body = t.bodyTooLong;
  if (method === 'call' && !isPhoneNumber(phone)) errors.phone = t.phoneInvalid;
  if (!addresses) errors.cc = t.ccInvalid;
  if (problem) errors.files = 'files';
  const shown = submitted ? errors : {};

  // The first field that is wrong takes the focus when the form was sent with it.
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    if (attempts) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (Object.keys(errors).length) {
      setAttempts(attempts + 1);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const client = await support();
      const attachmentSetId = await attach(client, files);
      const { caseId } = await client.send(
        new CreateCaseCommand({
          issueType: kind, serviceCode, categoryCode, severityCode: severity, subject: subject.trim(), communicationBody: text, language,
          ccEmailAddresses: addresses, attachmentSetId,
        }),
      );
      await queries.invalidateQueries({ queryKey: ['support', 'cases'] });
      await finish(caseId ?? '');
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  /** Goes to the case by the number that people see, or to the list for who may create cases but not read them. */
  const finish = async (caseId: string) => {
    let displayId = '';
    try {
      const { cases } = await (await support()).send(new DescribeCasesCommand({ caseIdList: [caseId], includeCommunications: false }));
      displayId = cases?.[0]?.displayId ?? '';
    } catch {
      // The case is there all the same.
    }
    notify({ type: 'success', content: t.created(displayId || caseId) });
    void navigate(displayId ? `/support/cases/${displayId}` : '/support/cases');
  };

  const serviceOptions = options(services);
  const categoryOptions = options(service?.categories ?? []);
  const severityOptions = options(names.severities);

  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
      <Form
        header={<Header variant="h1">{t.title}</Header>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" href="/support/home" formAction="none">
              {all.cancel}
            </Button>
            <Button variant="primary" loading={running}>
              {t.submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <NoSecrets />
          <Container header={<Header variant="h2">{t.kind}</Header>}>
            <SpaceBetween size="l">
              <Tiles
                ariaLabel={t.kind}
                columns={2}
                value={kind}
                onChange={({ detail }) => {
                  setKind(detail.value as Kind);
                  setServiceCode('');
                  setCategoryCode('');
                }}
                items={[
                  { value: 'customer-service', label: t.accountAndBilling, description: t.accountAndBillingText },
                  { value: 'technical', label: t.technical, description: mayAskTechnically ? t.technicalText : t.noPlan, disabled: !mayAskTechnically },
                ]}
              />
              <FormField label={kind === 'technical' ? t.service : t.type} errorText={shown.service}>
                <Select
                  placeholder={t.choose}
                  options={serviceOptions}
                  selectedOption={chosen(serviceOptions, serviceCode)}
                  onChange={({ detail }) => {
                    setServiceCode(detail.selectedOption.value ?? '');
                    setCategoryCode('');
                  }}
                />
              </FormField>
              <FormField label={t.category} errorText={shown.category}>
                <Select
                  placeholder={t.choose}
                  disabled={!service}
                  options={categoryOptions}
                  selectedOption={chosen(categoryOptions, categoryCode)}
                  onChange={({ detail }) => setCategoryCode(detail.selectedOption.value ?? '')}
                />
              </FormField>
              {severityOptions.length > 1 && (
                <FormField label={t.severity}>
                  <Select
                    options={severityOptions}
                    selectedOption={chosen(severityOptions, severity)}
                    onChange={({ detail }) => setSeverity(detail.selectedOption.value ?? severity)}
                  />
                </FormField>
              )}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">{t.description}</Header>}>
            <SpaceBetween size="l">
              <FormField label={t.subject} constraintText={t.subjectHint} errorText={shown.subject}>
                <Input value={subject} onChange={({ detail }) => setSubject(detail.value)} autoComplete={false} />
              </FormField>
              <FormField label={t.body} description={t.bodyHint} errorText={shown.body}>
                <Textarea value={body} rows={8} onChange={({ detail }) => setBody(detail.value)} />
              </FormField>
              <FormField label={<Optional>{t.tried}</Optional>} description={t.triedHint}>
                <Textarea value={tried} rows={4} onChange={({ detail }) => setTried(detail.value)} />
              </FormField>
              <FormField label={<Optional>{t.times}</Optional>} description={t.timesHint}>
                <Textarea value={times} rows={2} onChange={({ detail }) => setTimes(detail.value)} />
              </FormField>
              <Files files={files} problem={problem} onChange={setFiles} />
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">{t.contact}</Header>}>
            <SpaceBetween size="l">
              <FormField label={t.language}>
                <Select options={LANGUAGES} selectedOption={chosen(LANGUAGES, language)} onChange={({ detail }) => setLanguage(detail.selectedOption.value ?? language)} />
              </FormField>
              <FormField label={t.method} stretch>
                <Tiles
                  columns={3}
                  value={method}
                  onChange={({ detail }) => setMethod(detail.value as ContactMethod)}
                  items={CONTACT_METHODS.map((value) => ({ value, ...t.methods[value] }))}
                />
              </FormField>
              {method === 'call' && (
                <FormField label={t.phone} description={t.phoneHint} errorText={shown.phone}>
                  <Input type="text" inputMode="tel" autoComplete="tel" value={phone} onChange={({ detail }) => setPhone(detail.value)} />
                </FormField>
              )}
              <FormField label={<Optional>{t.cc}</Optional>} description={t.ccHint} errorText={shown.cc}>
                <Input value={cc} inputMode="email" autoComplete={false} onChange={({ detail }) => setCc(detail.value)} />
              </FormField>
            </SpaceBetween>
          </Container>
          {failure !== null && <FailureAlert error={failure} />}
        </SpaceBetween>
      </Form>
    </form>
  );
}
