import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { useState, type FormEvent } from 'react';
import { useConsole } from '../console';
import { useMessages } from '../messages';
import { attributes, KEPT_DAYS, seconds, type Attribute, type Lookup, type Range, type Unit } from './lookup';
import { messages } from './messages';
import './lookup-form.css';

/** Values that people look for; whatever else they type is looked for as well. */
const SUGGESTED: Partial<Record<Attribute, readonly string[]>> = {
  EventName: [
    'ConsoleLogin', 'SwitchRole', 'PasswordUpdated', 'AssumeRole', 'CreateUser', 'DeleteUser', 'CreateAccessKey', 'DeleteAccessKey',
    'CreateLoginProfile', 'ChangePassword', 'EnableMFADevice', 'DeactivateMFADevice', 'AttachUserPolicy', 'AttachRolePolicy', 'PutUserPolicy',
  ],
  EventSource: ['iam.amazonaws.com', 'signin.amazonaws.com', 'sts.amazonaws.com', 'account.amazonaws.com', 'sso.amazonaws.com', 'support.amazonaws.com'],
  ResourceType: ['AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::MfaDevice', 'AWS::IAM::InstanceProfile', 'AWS::Organizations::Account'],
  Username: ['root'],
};

const RANGES: readonly { amount: number; unit: Unit }[] = [
  { amount: 30, unit: 'minute' },
  { amount: 3, unit: 'hour' },
  { amount: 1, unit: 'day' },
  { amount: 7, unit: 'day' },
  { amount: 30, unit: 'day' },
];

interface LookupFormProps {
  lookup: Lookup;
  onLookup: (lookup: Lookup) => void;
}

/** By what and since when. What is typed is the person's until it is asked, or until another question is. */
export function LookupForm({ lookup, onLookup }: LookupFormProps) {
  const t = useMessages(messages);
  const { now } = useConsole();
  const [attribute, setAttribute] = useState(lookup.attribute);
  const [value, setValue] = useState(lookup.value);
  const [missing, setMissing] = useState(false);
  const [asked, setAsked] = useState(lookup);
  if (asked !== lookup) {
    setAsked(lookup);
    setAttribute(lookup.attribute);
    setValue(lookup.value);
    setMissing(false);
  }

  const ask = (change: Partial<Lookup>) => {
    const next: Lookup = { attribute, value: value.trim(), range: lookup.range, ...change };
    setMissing(next.attribute !== 'All' && !next.value);
    if (next.attribute === 'All' || next.value) onLookup(next);
  };
  const choose = (next: Attribute) => {
    setAttribute(next);
    setMissing(false);
    const first = next === 'ReadOnly' ? 'false' : '';
    setValue(first);
    if (next === 'All' || next === 'ReadOnly') ask({ attribute: next, value: first });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask({});
  };

  const options = attributes.map((name): SelectProps.Option => ({ value: name, label: t.attributes[name] }));
  const readOnly: SelectProps.Option[] = [
    { value: 'false', label: t.readOnly.false },
    { value: 'true', label: t.readOnly.true },
  ];
  return (
    <form className="lookup-form" aria-label={t.filters} onSubmit={submit}>
      <div className="lookup-attribute">
        <FormField label={t.attribute} stretch>
          <Select
            options={options}
            selectedOption={options.find((option) => option.value === attribute) ?? null}
            onChange={({ detail }) => choose(detail.selectedOption.value as Attribute)}
          />
        </FormField>
      </div>
      {attribute !== 'All' && (
        <div className="lookup-value">
          <FormField label={t.value} errorText={missing && t.valueMissing} stretch>
            {attribute === 'ReadOnly' ? (
              <Select
                options={readOnly}
                selectedOption={readOnly.find((option) => option.value === value) ?? null}
                onChange={({ detail }) => {
                  setValue(detail.selectedOption.value ?? '');
                  ask({ value: detail.selectedOption.value ?? '' });
                }}
              />
            ) : (
              <Autosuggest
                value={value}
                options={(SUGGESTED[attribute] ?? []).map((text) => ({ value: text }))}
                placeholder={t.placeholder[attribute]}
                enteredTextLabel={(text) => text}
                hideEnteredTextOption
                onChange={({ detail }) => {
                  setValue(detail.value);
                  setMissing(false);
                }}
                onSelect={({ detail }) => {
                  setValue(detail.value);
                  ask({ value: detail.value });
                }}
                onKeyDown={({ detail }) => {
                  if (detail.key === 'Enter') ask({});
                }}
              />
            )}
          </FormField>
        </div>
      )}
      <div className="lookup-time">
        <FormField label={t.time} stretch>
          <DateRangePicker
            value={lookup.range}
            relativeOptions={RANGES.map((range) => ({ ...range, key: `${range.amount}${range.unit}`, type: 'relative' as const }))}
            placeholder={t.range.any}
            isValidRange={(range) => validRange(range, now(), t.range)}
            isDateEnabled={(date) => date.getTime() <= now() && date.getTime() > now() - (KEPT_DAYS + 1) * 86_400_000}
            i18nStrings={{ formatRelativeRange: ({ amount, unit }) => t.range.relative(amount, unit) }}
            expandToViewport
            onChange={({ detail }) => ask({ range: toRange(detail.value) })}
          />
        </FormField>
      </div>
      {attribute !== 'ReadOnly' && attribute !== 'All' && (
        <div className="lookup-button">
          <Button formAction="submit">{t.lookUp}</Button>
        </div>
      )}
    </form>
  );
}

function toRange(value: DateRangePickerProps.Value | null): Range | null {
  if (!value) return null;
  if (value.type === 'relative') return { type: 'relative', amount: value.amount, unit: value.unit };
  return { type: 'absolute', startDate: value.startDate, endDate: value.endDate };
}

function wrong(errorMessage: string): DateRangePickerProps.ValidationResult {
  return { valid: false, errorMessage };
}

function validRange(
  value: DateRangePickerProps.Value | null,
  now: number,
  t: { invalidOrder: string; tooLong: string; incomplete: string },
): DateRangePickerProps.ValidationResult {
  if (!value) return { valid: true };
  if (value.type === 'relative') {
    if (!(value.amount > 0)) return wrong(t.incomplete);
    return seconds(value) > KEPT_DAYS * 86_400 ? wrong(t.tooLong) : { valid: true };
  }
  const [start, end] = [Date.parse(value.startDate), Date.parse(value.endDate)];
  if (Number.isNaN(start) || Number.isNaN(end)) return wrong(t.incomplete);
  if (start > end) return wrong(t.invalidOrder);
  return end < now - KEPT_DAYS * 86_400_000 ? wrong(t.tooLong) : { valid: true };
}
