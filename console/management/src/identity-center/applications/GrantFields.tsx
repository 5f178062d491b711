import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Textarea from '@cloudscape-design/components/textarea';
import { useMessages } from '../../messages';
import { FailureAlert } from '../../ui/FailureAlert';
import type { Instance } from '../enable/WithInstance';
import { useTokenIssuers } from './applications';
import { applicationMessages } from './messages';
import type { Grants, GrantsFault } from './oauth';

/** The grants by which an application gets tokens. */
export function GrantFields({ instance, grants, onChange, faults }: { instance: Instance; grants: Grants; onChange: (grants: Grants) => void; faults: readonly GrantsFault[] }) {
  const t = useMessages(applicationMessages).fields;
  const set = (change: Partial<Grants>) => onChange({ ...grants, ...change });
  return (
    <SpaceBetween size="m">
      <Checkbox checked={grants.code} description={t.codeText} onChange={({ detail }) => set({ code: detail.checked })}>
        {t.code}
      </Checkbox>
      {grants.code && (
        <FormField label={t.redirectUris} constraintText={t.redirectHint} errorText={faults.includes('redirectUris') && t.redirectWrong} stretch>
          <Textarea value={grants.redirectUris} rows={3} spellcheck={false} onChange={({ detail }) => set({ redirectUris: detail.value })} />
        </FormField>
      )}
      <Checkbox checked={grants.refresh} description={t.refreshText} onChange={({ detail }) => set({ refresh: detail.checked })}>
        {t.refresh}
      </Checkbox>
      <Checkbox checked={grants.jwt} description={t.jwtText} onChange={({ detail }) => set({ jwt: detail.checked })}>
        {t.jwt}
      </Checkbox>
      {grants.jwt && <Issuers instance={instance} issuers={grants.issuers} onChange={(issuers) => set({ issuers })} wrong={faults.includes('issuers')} />}
      <Checkbox checked={grants.exchange} description={t.exchangeText} onChange={({ detail }) => set({ exchange: detail.checked })}>
        {t.exchange}
      </Checkbox>
    </SpaceBetween>
  );
}

function Issuers({ instance, issuers, onChange, wrong }: { instance: Instance; issuers: Grants['issuers']; onChange: (issuers: Grants['issuers']) => void; wrong: boolean }) {
  const words = useMessages(applicationMessages);
  const t = words.fields;
  const { data, error, refetch } = useTokenIssuers(instance);
  if (error) return <FailureAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Spinner />;
  const without = (arn: string) => Object.fromEntries(Object.entries(issuers).filter(([other]) => other !== arn));
  return (
    <div role="group" aria-label={t.jwtIssuers}>
      <SpaceBetween size="s">
        {/* Beside the boxes and not around them, for it would take their names. */}
        <FormField label={t.jwtIssuers} errorText={wrong && t.issuersWrong} stretch />
        {data.length === 0 && (
          <span>
            {t.noIssuers} <Link href="/singlesignon/applications/token-issuers">{words.issuers}</Link>
          </span>
        )}
        {data.map(({ TrustedTokenIssuerArn: arn = '', Name = '' }) => (
          <SpaceBetween key={arn} size="xxs">
            <Checkbox checked={arn in issuers} onChange={({ detail }) => onChange(detail.checked ? { ...issuers, [arn]: '' } : without(arn))}>
              <span className="long-words">{Name}</span>
            </Checkbox>
            {arn in issuers && (
              <FormField label={`${t.audiences}: ${Name}`} constraintText={t.audiencesHint} stretch>
                <Textarea value={issuers[arn]!} rows={2} spellcheck={false} onChange={({ detail }) => onChange({ ...issuers, [arn]: detail.value })} />
              </FormField>
            )}
          </SpaceBetween>
        ))}
      </SpaceBetween>
    </div>
  );
}
