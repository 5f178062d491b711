import {
  CreateTrustedTokenIssuerCommand,
  DeleteTrustedTokenIssuerCommand,
  DescribeTrustedTokenIssuerCommand,
  UpdateTrustedTokenIssuerCommand,
  type OidcJwtConfiguration,
  type TrustedTokenIssuerMetadata,
} from '@aws-sdk/client-sso-admin';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { EntityTable } from '../../ui/EntityTable';
import { FormModal } from '../../ui/FormModal';
import { Nothing } from '../../ui/Nothing';
import { wholeList } from '../../ui/useList';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { accessMessages } from '../accessMessages';
import { applicationsHref, issuersKey, useTokenIssuers } from './applications';
import { applicationMessages } from './messages';
import { isClaimPath, isIssuerName, isIssuerUrl, issuerAttributes } from './oauth';

/** The issuers outside whose tokens applications may exchange (behaviours.md 6.11). */
export function Component() {
  const t = useMessages(applicationMessages);
  usePageTitle(t.issuer.title, { breadcrumbs: [{ text: t.title, href: applicationsHref }], contentType: 'table' });
  return <WithInstance title={t.issuer.title}>{(instance) => <Issuers instance={instance} />}</WithInstance>;
}

type Issuer = TrustedTokenIssuerMetadata;

const issuerKey = (arn: string) => ['sso-admin', 'token-issuer', arn] as const;

/** What the list does not tell. */
function useConfiguration(arn: string): UseQueryResult<Partial<OidcJwtConfiguration>> {
  const { ssoAdmin } = useClients();
  return useQuery({
    queryKey: issuerKey(arn),
    enabled: arn !== '',
    queryFn: async ({ signal }) =>
      (await (await ssoAdmin()).send(new DescribeTrustedTokenIssuerCommand({ TrustedTokenIssuerArn: arn }), { abortSignal: signal })).TrustedTokenIssuerConfiguration?.OidcJwtConfiguration ?? {},
  });
}

function Issuers({ instance }: { instance: Instance }) {
  const words = useMessages(accessMessages);
  const t = useMessages(applicationMessages).issuer;
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const { ask, dialog } = useConfirmDelete();
  const query = useTokenIssuers(instance);
  const [selected, setSelected] = useState<Issuer[]>([]);
  const [edited, setEdited] = useState<Issuer | 'new' | null>(null);
  const [chosen] = selected;
  const remove = ({ TrustedTokenIssuerArn, Name = '' }: Issuer) =>
    ask({
      title: t.deleteTitle(Name),
      text: t.deleteText,
      confirmText: Name,
      onConfirm: async () => {
        await (await ssoAdmin()).send(new DeleteTrustedTokenIssuerCommand({ TrustedTokenIssuerArn }));
        notify({ type: 'success', content: t.deleted(Name) });
        setSelected([]);
        await queries.invalidateQueries({ queryKey: issuersKey });
      },
    });
  return (
    <>
      <EntityTable<Issuer>
        list={wholeList(query)}
        title={t.title}
        description={t.text}
        trackBy={({ TrustedTokenIssuerArn = '' }) => TrustedTokenIssuerArn}
        text={({ Name = '' }) => Name}
        selection={{ selected, onSelect: setSelected, type: 'single', label: ({ Name = '' }) => t.select(Name) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!chosen} onClick={() => chosen && remove(chosen)}>
              {words.delete}
            </Button>
            <Button disabled={!chosen} onClick={() => setEdited(chosen ?? null)}>
              {t.edit}
            </Button>
            <Button variant="primary" onClick={() => setEdited('new')}>
              {t.create}
            </Button>
          </SpaceBetween>
        }
        empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
        columns={[
          { id: 'name', header: t.name, isRowHeader: true, sortingField: 'Name', minWidth: 180, cell: ({ Name }) => <span className="long-words">{Name}</span> },
          { id: 'url', header: t.url, minWidth: 220, cell: ({ TrustedTokenIssuerArn = '' }) => <Configuration arn={TrustedTokenIssuerArn} part="url" /> },
          { id: 'mapping', header: t.mapping, minWidth: 200, cell: ({ TrustedTokenIssuerArn = '' }) => <Configuration arn={TrustedTokenIssuerArn} part="mapping" /> },
        ]}
      />
      {dialog}
      {edited && (
        <EditIssuer
          key={edited === 'new' ? '' : edited.TrustedTokenIssuerArn}
          instance={instance}
          issuer={edited === 'new' ? null : edited}
          onClose={() => {
            setEdited(null);
            setSelected([]);
          }}
        />
      )}
    </>
  );
}

function Configuration({ arn, part }: { arn: string; part: 'url' | 'mapping' }) {
  const t = useMessages(applicationMessages).issuer;
  const { data, error } = useConfiguration(arn);
  if (error) return '–';
  if (!data) return <Spinner />;
  const { IssuerUrl, ClaimAttributePath = '', IdentityStoreAttributePath = '' } = data;
  return <span className="long-words">{part === 'url' ? IssuerUrl : `${ClaimAttributePath} = ${t.attributes[IdentityStoreAttributePath] ?? IdentityStoreAttributePath}`}</span>;
}

/** Makes an issuer, or changes one; its URL is for good. */
function EditIssuer({ instance, issuer, onClose }: { instance: Instance; issuer: Issuer | null; onClose: () => void }) {
  const t = useMessages(applicationMessages).issuer;
  const { ssoAdmin } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const known = useConfiguration(issuer?.TrustedTokenIssuerArn ?? '');
  const before = issuer ? known.data : {};
  const [typed, setTyped] = useState<{ name?: string; url?: string; claim?: string; attribute?: string }>({});
  const [tried, setTried] = useState(false);
  const name = typed.name ?? issuer?.Name ?? '';
  const url = typed.url ?? '';
  const claim = typed.claim ?? before?.ClaimAttributePath ?? 'email';
  const attribute = typed.attribute ?? before?.IdentityStoreAttributePath ?? issuerAttributes[0];
  const options = issuerAttributes.map((value) => ({ value, label: t.attributes[value] ?? value, description: value }));
  const right = isIssuerName(name) && isClaimPath(claim) && (issuer !== null || isIssuerUrl(url));
  const save = async () => {
    setTried(true);
    if (!right) return false;
    const client = await ssoAdmin();
    const mapping = { ClaimAttributePath: claim, IdentityStoreAttributePath: attribute, JwksRetrievalOption: 'OPEN_ID_DISCOVERY' as const };
    if (issuer) {
      await client.send(
        new UpdateTrustedTokenIssuerCommand({ TrustedTokenIssuerArn: issuer.TrustedTokenIssuerArn, Name: name, TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: mapping } }),
      );
      await queries.invalidateQueries({ queryKey: issuerKey(issuer.TrustedTokenIssuerArn ?? '') });
    } else {
      await client.send(
        new CreateTrustedTokenIssuerCommand({
          InstanceArn: instance.arn,
          Name: name,
          TrustedTokenIssuerType: 'OIDC_JWT',
          TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: { IssuerUrl: url, ...mapping } },
        }),
      );
    }
    notify({ type: 'success', content: issuer ? t.saved(name) : t.created(name) });
    await queries.invalidateQueries({ queryKey: issuersKey });
    onClose();
    return undefined;
  };
  return (
    <FormModal title={issuer ? t.editTitle : t.create} {...(!issuer && { submit: t.create })} disabled={!before} onSubmit={save} onClose={onClose}>
      <FormField label={t.name} constraintText={t.nameHint} errorText={tried && !isIssuerName(name) && t.nameWrong}>
        <Input value={name} autoComplete={false} spellcheck={false} onChange={({ detail }) => setTyped({ ...typed, name: detail.value })} />
      </FormField>
      {!issuer && (
        <FormField label={t.url} constraintText={t.urlHint} errorText={tried && !isIssuerUrl(url) && t.urlWrong}>
          <Input value={url} type="url" autoComplete={false} spellcheck={false} onChange={({ detail }) => setTyped({ ...typed, url: detail.value.trim() })} />
        </FormField>
      )}
      <FormField label={t.claim} constraintText={t.claimHint} errorText={tried && !isClaimPath(claim) && t.claimWrong}>
        <Input value={claim} autoComplete={false} spellcheck={false} onChange={({ detail }) => setTyped({ ...typed, claim: detail.value })} />
      </FormField>
      <FormField label={t.attribute} constraintText={t.attributeHint}>
        <Select options={options} selectedOption={options.find(({ value }) => value === attribute) ?? null} onChange={({ detail }) => setTyped({ ...typed, attribute: detail.selectedOption.value! })} />
      </FormField>
    </FormModal>
  );
}
