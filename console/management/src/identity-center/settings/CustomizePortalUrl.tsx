import Alert from '@cloudscape-design/components/alert';
import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { FormModal } from '../../ui/FormModal';
import { useIdentityCenter } from '../api';
import type { Instance } from '../enable/WithInstance';
import { settingsMessages } from './messages';
import { isSubdomain, portalUrlWith } from './subdomain';
import { settingsKey } from './useDirectorySettings';

/** Sets the portal's subdomain, which can be done once (G-59, behaviours.md 6.2). */
export function CustomizePortalUrl({ instance, url, onClose }: { instance: Instance; url: string; onClose: () => void }) {
  const t = useMessages(settingsMessages).portal;
  const call = useIdentityCenter();
  const queries = useQueryClient();
  const notify = useNotify();
  const [subdomain, setSubdomain] = useState('');
  const [understood, setUnderstood] = useState(false);
  const [tried, setTried] = useState(false);
  const valid = isSubdomain(subdomain);
  const save = async () => {
    setTried(true);
    if (!valid || !understood) return false;
    await call('SetPortalSubdomain', { InstanceArn: instance.arn, Subdomain: subdomain });
    notify({ type: 'success', content: t.done });
    onClose();
    await queries.invalidateQueries({ queryKey: settingsKey(instance) });
    return undefined;
  };
  return (
    <FormModal title={t.title} submit={t.submit} onSubmit={save} onClose={onClose}>
      <Alert type="warning">{t.once}</Alert>
      <FormField label={t.subdomain} constraintText={t.hint} description={valid && <span className="long-words">{t.preview(portalUrlWith(url, subdomain))}</span>} errorText={tried && !valid && t.invalid} stretch>
        <Input value={subdomain} autoComplete={false} spellcheck={false} onChange={({ detail }) => setSubdomain(detail.value.trim())} />
      </FormField>
      <FormField errorText={tried && !understood && t.confirm} stretch>
        <Checkbox checked={understood} onChange={({ detail }) => setUnderstood(detail.checked)}>
          {t.understood}
        </Checkbox>
      </FormField>
    </FormModal>
  );
}
