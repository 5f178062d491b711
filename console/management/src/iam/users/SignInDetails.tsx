import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { CopyValue } from '../../../../shared/ui/CodeBlock';
import { csv, download } from '../../credentials/download';
import { useMessages } from '../../messages';
import { useSignInUrl } from '../signInUrl';
import { userMessages } from './messages';

/** Where, as whom and with what a user signs in, once: to be copied, or handed over as a file (C-03, C-14). */
export function SignInDetails({ user, password }: { user: string; password: string }) {
  const all = useMessages(userMessages);
  const t = all.result;
  const url = useSignInUrl();
  const [shown, setShown] = useState(false);
  return (
    <KeyValuePairs
      columns={1}
      items={[
        { label: t.url, value: <CopyValue label={t.url} text={url} /> },
        { label: all.name, value: <CopyValue label={all.name} text={user} /> },
        {
          label: t.password,
          value: (
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <CopyValue label={t.password} text={password} shown={shown ? password : '•'.repeat(16)} />
              <Button variant="inline-link" onClick={() => setShown(!shown)}>
                {shown ? t.hide : t.show}
              </Button>
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}

/** The same as a file and as a letter; the letter goes without the password. */
export function HandOver({ user, password }: { user: string; password: string }) {
  const t = useMessages(userMessages).result;
  const url = useSignInUrl();
  const save = () =>
    download(
      `${user}_credentials.csv`,
      'text/csv',
      csv(
        [
          ['User name', 'Password', 'Console sign-in URL'],
          [user, password, url],
        ],
        { exact: true },
      ),
    );
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button iconName="envelope" href={`mailto:?subject=${encodeURIComponent(t.subject)}&body=${encodeURIComponent(t.body(url, user))}`}>
        {t.email}
      </Button>
      <Button iconName="download" onClick={save}>
        {t.download}
      </Button>
    </SpaceBetween>
  );
}
