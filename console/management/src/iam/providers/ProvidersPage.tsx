import { ListOpenIDConnectProvidersCommand, ListSAMLProvidersCommand } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { useQuery } from '@tanstack/react-query';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { EntityTable } from '../../ui/EntityTable';
import { Nothing } from '../../ui/Nothing';
import { providerMessages } from './messages';
import { kindOf, providerHref, providerName } from './provider';
import { wholeList } from '../../ui/useList';

interface Row {
  arn: string;
  created: Date | undefined;
  validUntil: Date | undefined;
}

/** The identity providers that the account trusts, of both kinds. */
export function Component() {
  const t = useMessages(providerMessages);
  const format = useFormat();
  const { iam } = useClients();
  usePageTitle(t.title, { contentType: 'table' });
  const query = useQuery({
    queryKey: ['iam', 'providers'],
    queryFn: async ({ signal }) => {
      const client = await iam();
      const options = { abortSignal: signal };
      const [saml, oidc] = await Promise.all([client.send(new ListSAMLProvidersCommand({}), options), client.send(new ListOpenIDConnectProvidersCommand({}), options)]);
      return [
        ...(saml.SAMLProviderList ?? []).map(({ Arn = '', CreateDate, ValidUntil }): Row => ({ arn: Arn, created: CreateDate, validUntil: ValidUntil })),
        ...(oidc.OpenIDConnectProviderList ?? []).map(({ Arn = '' }): Row => ({ arn: Arn, created: undefined, validUntil: undefined })),
      ];
    },
  });
  return (
    <EntityTable<Row>
      list={wholeList(query)}
      title={t.title}
      description={t.text}
      trackBy={({ arn }) => arn}
      text={({ arn }) => providerName(arn)}
      actions={
        <Button variant="primary" href="/iam/identity-providers/create">
          {t.create}
        </Button>
      }
      empty={<Nothing title={t.none}>{t.noneText}</Nothing>}
      columns={[
        {
          id: 'name',
          header: t.name,
          isRowHeader: true,
          minWidth: 200,
          sortingComparator: (a, b) => providerName(a.arn).localeCompare(providerName(b.arn)),
          cell: ({ arn }) => (
            <Link href={providerHref(arn)}>
              <span className="long-words">{providerName(arn)}</span>
            </Link>
          ),
        },
        { id: 'type', header: t.type, sortingComparator: (a, b) => kindOf(a.arn).localeCompare(kindOf(b.arn)), cell: ({ arn }) => t.types[kindOf(arn)] },
        { id: 'created', header: t.created, cell: ({ created }) => format.date(created) },
        { id: 'valid', header: t.validUntil, cell: ({ validUntil }) => format.date(validUntil) },
      ]}
    />
  );
}
