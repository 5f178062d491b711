import { ListGroupsCommand, ListRolesCommand, ListUsersCommand, type IAMClient } from '@aws-sdk/client-iam';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import { all, type Holder } from '../permissions/holders';
import { simulatorMessages } from './messages';

interface Named {
  name: string;
  arn: string;
}

/** Everybody of a kind, which quotas keep to some thousands. */
async function principals(iam: IAMClient, kind: Holder['kind'], abortSignal: AbortSignal): Promise<Named[]> {
  const MaxItems = 1000;
  const options = { abortSignal };
  switch (kind) {
    case 'user':
      return all(
        (Marker) => iam.send(new ListUsersCommand({ Marker, MaxItems }), options),
        ({ Users = [] }) => Users.map(({ UserName = '', Arn = '' }) => ({ name: UserName, arn: Arn })),
      );
    case 'group':
      return all(
        (Marker) => iam.send(new ListGroupsCommand({ Marker, MaxItems }), options),
        ({ Groups = [] }) => Groups.map(({ GroupName = '', Arn = '' }) => ({ name: GroupName, arn: Arn })),
      );
    case 'role':
      return all(
        (Marker) => iam.send(new ListRolesCommand({ Marker, MaxItems }), options),
        ({ Roles = [] }) => Roles.map(({ RoleName = '', Arn = '' }) => ({ name: RoleName, arn: Arn })),
      );
  }
}

/** Chooses a user, group or role of the account. */
export function PrincipalSelect({
  kind,
  arn,
  wrong,
  onKind,
  onArn,
}: {
  kind: Holder['kind'];
  arn: string;
  wrong: boolean;
  onKind: (kind: Holder['kind']) => void;
  onArn: (arn: string) => void;
}) {
  const t = useMessages(simulatorMessages);
  const { iam } = useClients();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['iam', 'principals', kind],
    queryFn: async ({ signal }) => principals(await iam(), kind, signal),
  });
  const kinds = (['user', 'group', 'role'] as const).map((value) => ({ value, label: t.kinds[value] }));
  const options = (data ?? []).map((one) => ({ value: one.arn, label: one.name }));
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  return (
    <ColumnLayout columns={2}>
      <FormField label={t.kind}>
        <Select
          options={kinds}
          selectedOption={kinds.find(({ value }) => value === kind) ?? null}
          onChange={({ detail }) => onKind(kinds.find(({ value }) => value === detail.selectedOption.value)?.value ?? 'user')}
        />
      </FormField>
      <FormField label={t.name} errorText={wrong && t.nameWrong}>
        <Select
          placeholder={t.choose}
          filteringType="auto"
          virtualScroll
          statusType={isPending ? 'loading' : 'finished'}
          options={options}
          selectedOption={options.find(({ value }) => value === arn) ?? null}
          onChange={({ detail }) => onArn(detail.selectedOption.value ?? '')}
        />
      </FormField>
    </ColumnLayout>
  );
}
