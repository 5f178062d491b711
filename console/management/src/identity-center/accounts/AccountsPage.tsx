import type { Account } from '@aws-sdk/client-organizations';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { useAccounts } from '../../ui/accountTree/search';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { AccountList } from './AccountList';
import { AccountTree } from './AccountTree';
import { assignHref, MOST_ACCOUNTS } from './assignment';
import { accountMessages } from './messages';

/** So many matches are enough to stop looking; who sees so many types another letter. */
const ENOUGH = 100;

/** The organization's accounts, to give users and groups access to some of them (G-40). */
export function Component() {
  const t = useMessages(accountMessages);
  usePageTitle(t.title, { contentType: 'table' });
  return <WithInstance title={t.title}>{(instance) => <Accounts instance={instance} />}</WithInstance>;
}

function Accounts({ instance }: { instance: Instance }) {
  const t = useMessages(accountMessages);
  const [view, setView] = useState<'tree' | 'list'>('tree');
  const [typed, setTyped] = useState('');
  const [words, setWords] = useState('');
  const [selected, setSelected] = useState<ReadonlyMap<string, Account>>(new Map());
  const accounts = useAccounts(words, words ? ENOUGH : 0);

  const toggle = (account: Account) =>
    setSelected((before) => {
      const after = new Map(before);
      if (!after.delete(account.Id!)) after.set(account.Id!, account);
      return after;
    });

  if (accounts.error?.name === 'AWSOrganizationsNotInUseException') {
    return (
      <SpaceBetween size="m">
        <Header variant="h1">{t.title}</Header>
        <Alert type="info" header={t.noOrganization} action={<Button href="/organizations">{t.toOrganizations}</Button>}>
          {t.noOrganizationText}
        </Alert>
      </SpaceBetween>
    );
  }

  const refusal = selected.size === 0 ? t.chooseFirst : selected.size > MOST_ACCOUNTS ? t.tooMany(MOST_ACCOUNTS) : '';
  const header = (
    <Header
      variant="h1"
      description={t.text}
      counter={selected.size > 0 ? `(${t.selected(selected.size)})` : undefined}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {selected.size > 0 && <Button onClick={() => setSelected(new Map())}>{t.clearSelection}</Button>}
          <Button variant="primary" disabled={refusal !== ''} {...(refusal && { disabledReason: refusal })} {...(!refusal && { href: assignHref([...selected.keys()]) })}>
            {t.assign}
          </Button>
        </SpaceBetween>
      }
    >
      {t.title}
    </Header>
  );
  const filter = (
    <Grid gridDefinition={[{ colspan: { default: 12, xs: 6 } }, { colspan: { default: 12, xs: 6 } }]}>
      <TextFilter
        filteringText={typed}
        filteringPlaceholder={t.find}
        filteringAriaLabel={t.find}
        countText={accounts.fetching ? t.searching : `${t.matches(accounts.items.length)}${accounts.more ? '+' : ''}`}
        onChange={({ detail }) => setTyped(detail.filteringText)}
        onDelayedChange={({ detail }) => setWords(detail.filteringText.trim())}
      />
      <SegmentedControl
        label={t.view}
        selectedId={words ? 'list' : view}
        options={[
          { id: 'tree', text: t.tree, disabled: words !== '' },
          { id: 'list', text: t.list },
        ]}
        onChange={({ detail }) => setView(detail.selectedId as typeof view)}
      />
    </Grid>
  );
  const shared = { owner: instance.owner, selected };
  // The field stands outside of both views, and keeps the focus when the view changes.
  return (
    <SpaceBetween size="m">
      {header}
      {filter}
      {/* What was found is a list: the units between say nothing about it. */}
      {words || view === 'list' ? (
        <AccountList key={words} {...shared} accounts={accounts} searched={words !== ''} onSelect={(chosen) => setSelected(new Map(chosen.map((a) => [a.Id!, a])))} />
      ) : (
        <AccountTree {...shared} onToggle={toggle} />
      )}
    </SpaceBetween>
  );
}
