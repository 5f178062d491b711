import { GetContactInformationCommand, PutContactInformationCommand, type ContactInformation } from '@aws-sdk/client-account';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocale } from '../../../shared/locale';
import { useClients } from '../console';
import { fieldErrors, isNotFound } from '../failure';
import { useMessages } from '../messages';
import { useNotify } from '../notify';
import { FailureAlert } from '../ui/FailureAlert';
import { countries, countryName } from './countries';
import { fieldFault, normalPhone, type FieldRule } from './fields';
import { FormModal } from './FormModal';
import { messages } from './messages';

const QUERY_KEY = ['account', 'contact'];

/** The fields in the order of a form, with what browsers fill in. */
const FIELDS: readonly { key: keyof ContactInformation; autoComplete: string; rule: FieldRule }[] = [
  { key: 'FullName', autoComplete: 'name', rule: { required: true } },
  { key: 'CompanyName', autoComplete: 'organization', rule: { required: false } },
  { key: 'CountryCode', autoComplete: 'country', rule: { required: true } },
  { key: 'PostalCode', autoComplete: 'postal-code', rule: { required: true } },
  { key: 'StateOrRegion', autoComplete: 'address-level1', rule: { required: false } },
  { key: 'City', autoComplete: 'address-level2', rule: { required: true } },
  { key: 'DistrictOrCounty', autoComplete: 'address-level3', rule: { required: false } },
  { key: 'AddressLine1', autoComplete: 'address-line1', rule: { required: true } },
  { key: 'AddressLine2', autoComplete: 'address-line2', rule: { required: false } },
  { key: 'AddressLine3', autoComplete: 'address-line3', rule: { required: false } },
  { key: 'PhoneNumber', autoComplete: 'tel', rule: { required: true, kind: 'phone' } },
  { key: 'WebsiteUrl', autoComplete: 'url', rule: { required: false } },
];

/** The primary contact. */
export function Contact() {
  const all = useMessages(messages);
  const t = all.contact;
  const { locale } = useLocale();
  const { account } = useClients();
  const [editing, setEditing] = useState(false);
  const contact = useQuery({
    queryKey: QUERY_KEY,
    queryFn: async ({ signal }): Promise<Partial<ContactInformation>> => {
      try {
        return (await (await account()).send(new GetContactInformationCommand({}), { abortSignal: signal })).ContactInformation ?? {};
      } catch (error) {
        if (isNotFound(error)) return {};
        throw error;
      }
    },
  });
  const given = contact.data && FIELDS.filter(({ key }) => contact.data[key]);
  return (
    <div id="contact">
      <Container
        header={
          <Header
            variant="h2"
            description={t.description}
            actions={
              <Button ariaLabel={t.editTitle} disabled={!contact.data} onClick={() => setEditing(true)}>
                {all.edit}
              </Button>
            }
          >
            {t.title}
          </Header>
        }
      >
        {contact.error && <FailureAlert error={contact.error} onRetry={() => void contact.refetch()} />}
        {contact.isLoading && <StatusIndicator type="loading">{t.title}</StatusIndicator>}
        {given?.length === 0 && <Box color="text-body-secondary">{t.missing}</Box>}
        {given && given.length > 0 && (
          <KeyValuePairs
            columns={3}
            minColumnWidth={180}
            items={given.map(({ key }) => ({
              label: t.fields[key],
              value: <span className="long-words">{key === 'CountryCode' ? countryName(contact.data.CountryCode ?? '', locale) : contact.data[key]}</span>,
            }))}
          />
        )}
      </Container>
      {editing && contact.data && <EditContact contact={contact.data} onClose={() => setEditing(false)} />}
    </div>
  );
}

function EditContact({ contact, onClose }: { contact: Partial<ContactInformation>; onClose: () => void }) {
  const t = useMessages(messages).contact;
  const { locale } = useLocale();
  const { account } = useClients();
  const notify = useNotify();
  const queries = useQueryClient();
  const [values, setValues] = useState(contact);
  const [checked, setChecked] = useState(false);
  /** What the server said of fields. */
  const [refused, setRefused] = useState<Record<string, string>>({});
  const options = useMemo(() => countries(locale).map(({ code, name }) => ({ value: code, label: name, filteringTags: [code] })), [locale]);
  const faults = { '': '', required: t.required, phone: t.phoneInvalid, email: '' };
  const set = (key: keyof ContactInformation, value: string) => {
    setValues((old) => ({ ...old, [key]: value }));
    setRefused((old) => Object.fromEntries(Object.entries(old).filter(([field]) => field !== key)));
  };
  const fault = (key: keyof ContactInformation, rule: FieldRule) => {
    const value = values[key] ?? '';
    // Which fields an address needs differs by country, and the server knows.
    return (checked && faults[fieldFault(value, rule)]) || (refused[key] !== undefined && (value.trim() ? refused[key] : t.required));
  };

  const save = async () => {
    setChecked(true);
    if (FIELDS.some(({ key, rule }) => fieldFault(values[key] ?? '', rule) !== '')) return false;
    // A field that was emptied is left out: the API has no empty ones.
    const given = Object.fromEntries(
      FIELDS.flatMap(({ key, rule }) => {
        const text = (values[key] ?? '').trim();
        return text ? [[key, rule.kind === 'phone' ? normalPhone(text) : text]] : [];
      }),
    ) as unknown as ContactInformation;
    try {
      await (await account()).send(new PutContactInformationCommand({ ContactInformation: given }));
    } catch (error) {
      const said = FIELDS.flatMap(({ key }) => {
        const message = fieldErrors(error)[key[0]!.toLowerCase() + key.slice(1)];
        return message === undefined ? [] : [[key, message] as const];
      });
      if (said.length === 0) throw error;
      setRefused(Object.fromEntries(said));
      return false;
    }
    notify({ type: 'success', content: t.saved });
    await queries.invalidateQueries({ queryKey: QUERY_KEY });
    return true;
  };

  return (
    <FormModal title={t.editTitle} onSave={save} onClose={onClose}>
      {FIELDS.map(({ key, autoComplete, rule }) => (
        <FormField
          key={key}
          label={rule.required ? t.fields[key] : `${t.fields[key]} – ${t.optional}`}
          constraintText={key === 'PhoneNumber' && t.phoneHint}
          errorText={fault(key, rule)}
        >
          {key === 'CountryCode' ? (
            <Select
              selectedOption={options.find(({ value }) => value === values.CountryCode) ?? null}
              options={options}
              filteringType="auto"
              filteringPlaceholder={t.findCountry}
              filteringAriaLabel={t.findCountry}
              placeholder={t.chooseCountry}
              onChange={({ detail }) => set(key, detail.selectedOption.value ?? '')}
            />
          ) : (
            <Input
              value={values[key] ?? ''}
              autoComplete={autoComplete}
              inputMode={rule.kind === 'phone' ? 'tel' : 'text'}
              onChange={({ detail }) => set(key, detail.value)}
            />
          )}
        </FormField>
      ))}
    </FormModal>
  );
}
