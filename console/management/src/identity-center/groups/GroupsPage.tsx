import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { usePageTitle } from '../../page';
import { PagedTable } from '../../ui/PagedTable';
import type { FoundGroup } from '../api';
import { WithInstance, type Instance } from '../enable/WithInstance';
import { peopleMessages } from '../peopleMessages';
import { groupMessages } from './messages';
import { groupHref, useGroups } from './useGroups';

export function Component() {
  const title = useMessages(peopleMessages).groups;
  usePageTitle(title, { contentType: 'table' });
  return <WithInstance title={title}>{(instance) => <Groups instance={instance} />}</WithInstance>;
}

/** The directory's groups (G-32). */
function Groups({ instance }: { instance: Instance }) {
  const all = useMessages(peopleMessages);
  const t = useMessages(groupMessages);
  const [prefix, setPrefix] = useState('');
  const list = useGroups(instance, prefix);
  return (
    <PagedTable<FoundGroup>
      list={list}
      title={all.groups}
      description={t.text}
      trackBy={({ GroupId }) => GroupId}
      search={{ prefix, onSearch: setPrefix, label: t.find }}
      empty={t.none}
      actions={
        <Button variant="primary" href="/singlesignon/groups/create">
          {t.create}
        </Button>
      }
      columns={[
        {
          id: 'name',
          header: t.name,
          isRowHeader: true,
          cell: ({ GroupId, DisplayName }) => (
            <Link href={groupHref(GroupId)}>
              <span className="long-words">{DisplayName}</span>
            </Link>
          ),
        },
        { id: 'description', header: t.description, cell: ({ Description }) => <span className="long-words">{Description || '–'}</span> },
      ]}
    />
  );
}
