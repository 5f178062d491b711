import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useLocation, useNavigate } from 'react-router';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { OfOrganization } from '../OfOrganization';
import { paths } from '../paths';
import { CreateAccount } from './CreateAccount';
import { InviteAccounts } from './InviteAccounts';
import { accountsMessages } from './messages';

/** Adds an account to the organization: a new one, or one that there is (F-08). */
export function Component() {
  const t = useMessages(accountsMessages);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  usePageTitle(t.addTitle, { breadcrumbs: [{ text: t.title, href: paths.accounts }], contentType: 'form' });
  return (
    <OfOrganization title={t.addTitle}>
      {() => (
        <SpaceBetween size="l">
          <Header variant="h1" description={t.addText}>
            {t.addTitle}
          </Header>
          <Tiles
            ariaLabel={t.how}
            value={pathname}
            onChange={({ detail }) => void navigate(detail.value, { replace: true })}
            items={[
              { value: paths.create, label: t.createOption, description: t.createOptionText },
              { value: paths.invite, label: t.inviteOption, description: t.inviteOptionText },
            ]}
          />
          {pathname === paths.invite ? <InviteAccounts /> : <CreateAccount />}
        </SpaceBetween>
      )}
    </OfOrganization>
  );
}
