import {
  AddClientIDToOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { useClients } from '../../console';
import { useFormat } from '../../format';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { NotThere } from '../../ui/NotThere';
import { TagsPanel } from '../../ui/TagsPanel';
import { LinesModal } from './LinesModal';
import { providerMessages } from './messages';
import { areAudiences, areThumbprints, providerName } from './provider';

/** An OpenID Connect provider: whose tokens it takes, and for whom they are. */
export function OidcDetails({ arn, header }: { arn: string; header: ReactNode }) {
  const t = useMessages(providerMessages);
  const format = useFormat();
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const [editing, setEditing] = useState<'audiences' | 'thumbprints' | null>(null);
  const queryKey = ['iam', 'provider', arn];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await iam()).send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }), { abortSignal: signal }),
  });
  if (error) return <NotThere name={providerName(arn)} error={error} text={t.missing} list={t.all} href="/iam/identity-providers" onRetry={() => void refetch()} />;
  if (!data) return <Spinner size="large" />;
  const { ClientIDList = [], ThumbprintList = [], Tags = [] } = data;
  const provider = { OpenIDConnectProviderArn: arn };
  const saved = async () => {
    notify({ type: 'success', content: t.saved });
    await queries.invalidateQueries({ queryKey });
  };

  const saveAudiences = async (audiences: string[]) => {
    const client = await iam();
    // New ones first: a provider without an audience takes no token.
    const steps = [
      ...audiences.filter((id) => !ClientIDList.includes(id)).map((ClientID) => () => client.send(new AddClientIDToOpenIDConnectProviderCommand({ ...provider, ClientID }))),
      ...ClientIDList.filter((id) => !audiences.includes(id)).map((ClientID) => () => client.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ ...provider, ClientID }))),
    ];
    // oxlint-disable-next-line no-await-in-loop -- the first refusal ends it
    for (const step of steps) await step();
    await saved();
  };
  const saveThumbprints = async (thumbprints: string[]) => {
    await (await iam()).send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...provider, ThumbprintList: thumbprints }));
    await saved();
  };

  return (
    <SpaceBetween size="l">
      {header}
      <Container header={<Header variant="h2">{t.summary}</Header>}>
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={[
            { label: t.url, value: <span className="long-words">{`https://${data.Url}`}</span> },
            { label: t.created, value: format.dateTime(data.CreateDate) },
            { label: t.arn, value: <CopyValue label={t.arn} text={arn} /> },
          ]}
        />
      </Container>
      {(['audiences', 'thumbprints'] as const).map((list) => (
        <Container
          key={list}
          header={
            <Header variant="h2" actions={<Button onClick={() => setEditing(list)}>{list === 'audiences' ? t.editAudiences : t.editThumbprints}</Button>}>
              {t[list]}
            </Header>
          }
        >
          <ul className="plain-list">
            {(list === 'audiences' ? ClientIDList : ThumbprintList).map((item) => (
              <li key={item} className="long-words">
                {item}
              </li>
            ))}
          </ul>
        </Container>
      ))}
      <TagsPanel
        tags={Tags}
        onSave={async ({ put, remove }) => {
          const client = await iam();
          if (remove.length > 0) await client.send(new UntagOpenIDConnectProviderCommand({ ...provider, TagKeys: remove }));
          if (put.length > 0) await client.send(new TagOpenIDConnectProviderCommand({ ...provider, Tags: put }));
          await queries.invalidateQueries({ queryKey });
        }}
      />
      {editing === 'audiences' && (
        <LinesModal title={t.editAudiences} label={t.audiences} items={ClientIDList} isValid={areAudiences} wrong={t.audiencesWrong} onSave={saveAudiences} onClose={() => setEditing(null)} />
      )}
      {editing === 'thumbprints' && (
        <LinesModal
          title={t.editThumbprints}
          label={t.thumbprints}
          items={ThumbprintList}
          isValid={areThumbprints}
          wrong={t.thumbprintsWrong}
          onSave={saveThumbprints}
          onClose={() => setEditing(null)}
        />
      )}
    </SpaceBetween>
  );
}
