import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useMessages } from '../../messages';
import { userMessages } from './messages';
import { optionalGroups, type Faults, type Profile } from './profile';

interface FieldsProps {
  profile: Profile;
  onChange: (change: Partial<Profile>) => void;
  /** Shown by their fields. */
  faults: Faults;
  /** What else is wrong with a field, such as a name that is taken. */
  refused?: Partial<Record<keyof Profile, string>>;
}

/** None is the person's own who fills in the form: their browser has no business with it. */
const plain = { autoComplete: false, spellcheck: false } satisfies Partial<InputProps>;

function useField({ profile, onChange, faults, refused = {} }: FieldsProps) {
  const t = useMessages(userMessages);
  const fault = (key: keyof Profile) => {
    switch (faults[key]) {
      case 'needed':
        return t.faults.needed;
      case 'long':
        return t.faults.long;
      case 'invalid':
        return key === 'email' ? t.faults.invalidEmail : t.faults.invalidName;
      default:
        return refused[key] ?? '';
    }
  };
  return (key: keyof Profile, { hint, optional = false, ...props }: { hint?: string; optional?: boolean } & Partial<InputProps> = {}): ReactNode => (
    <FormField
      key={key}
      label={
        optional ? (
          <>
            {t.fields[key]} <i>- {t.optional}</i>
          </>
        ) : (
          t.fields[key]
        )
      }
      constraintText={hint}
      errorText={fault(key)}
    >
      <Input {...plain} {...props} value={profile[key]} onChange={({ detail }) => onChange({ [key]: detail.value })} />
    </FormField>
  );
}

/** The names and the address, which every person has; `again` follows the address. */
export function PrimaryFields({ isNew, again, ...props }: FieldsProps & { isNew: boolean; again?: ReactNode }) {
  const t = useMessages(userMessages).fields;
  const field = useField(props);
  const { profile, onChange } = props;
  /** The display name follows the names until it is typed. */
  const rename = (change: Partial<Profile>) => {
    const after = { ...profile, ...change };
    const follows = profile.displayName === fullName(profile);
    onChange({ ...change, ...(isNew && follows && { displayName: fullName(after) }) });
  };
  const nameField = useField({ ...props, onChange: rename });
  return (
    <SpaceBetween size="l">
      {isNew && field('userName', { hint: t.userNameHint })}
      {field('email', { hint: t.emailHint, inputMode: 'email' })}
      {again}
      {nameField('givenName')}
      {nameField('familyName')}
      {field('displayName', { hint: t.displayNameHint })}
    </SpaceBetween>
  );
}

/** Everything that may be left out, in sections that open where something is filled in or wrong. */
export function OptionalFields(props: FieldsProps) {
  const t = useMessages(userMessages).groupsOfFields;
  const field = useField(props);
  return (
    <SpaceBetween size="s">
      {(Object.keys(optionalGroups) as (keyof typeof optionalGroups)[]).map((group) => (
        <ExpandableSection key={group} headerText={t[group]} defaultExpanded={optionalGroups[group].some((key) => props.profile[key] !== '')}>
          <SpaceBetween size="m">{optionalGroups[group].map((key) => field(key, { optional: true }))}</SpaceBetween>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}

const fullName = ({ givenName, familyName }: Profile) => [givenName.trim(), familyName.trim()].filter(Boolean).join(' ');
