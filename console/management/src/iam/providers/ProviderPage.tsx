import { DeleteOpenIDConnectProviderCommand, DeleteSAMLProviderCommand } from '@aws-sdk/client-iam';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { useConfirmDelete } from '../../ui/confirmDelete';
import { providerMessages } from './messages';
import { OidcDetails } from './OidcDetails';
import { isReserved, kindOf, providerName } from './provider';
import { SamlDetails } from './SamlDetails';

/** One identity provider, of either kind. */
export function Component() {
  const t = useMessages(providerMessages);
  const arn = useParams()['*'] ?? '';
  const name = providerName(arn);
  const kind = kindOf(arn);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const { ask, dialog } = useConfirmDelete();
  const reserved = isReserved(arn);
  usePageTitle(name, { breadcrumbs: [{ text: t.title, href: '/iam/identity-providers' }] });

  const remove = () =>
    ask({
      title: t.deleteTitle(name),
      text: t.deleteText,
      confirmText: name,
      onConfirm: async () => {
        const client = await iam();
        if (kind === 'saml') await client.send(new DeleteSAMLProviderCommand({ SAMLProviderArn: arn }));
        else await client.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
        notify({ type: 'success', content: t.deleted(name) });
        void navigate('/iam/identity-providers');
        await queries.invalidateQueries({ queryKey: ['iam', 'providers'] });
      },
    });

  const header = (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t.types[kind]}
        actions={
          !reserved && (
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={remove}>{t.delete}</Button>
              <Button variant="primary" href={`/iam/roles/create?provider=${encodeURIComponent(arn)}`}>
                {t.assign}
              </Button>
            </SpaceBetween>
          )
        }
      >
        <span className="long-words">{name}</span>
      </Header>
      {reserved && <Alert type="info">{t.reserved}</Alert>}
      {dialog}
    </SpaceBetween>
  );
  return kind === 'saml' ? <SamlDetails arn={arn} readOnly={reserved} header={header} /> : <OidcDetails arn={arn} header={header} />;
}
