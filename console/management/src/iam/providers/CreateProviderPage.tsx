import { CreateOpenIDConnectProviderCommand, CreateSAMLProviderCommand } from '@aws-sdk/client-iam';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useClients } from '../../console';
import { useMessages } from '../../messages';
import { useNotify } from '../../notify';
import { usePageTitle } from '../../page';
import { FailureAlert } from '../../ui/FailureAlert';
import { Optional } from '../../ui/Optional';
import { changes, TagsEditor, type EditedTag } from '../../ui/TagsEditor';
import { MetadataField } from './MetadataField';
import { providerMessages } from './messages';
import { isIssuer, isProviderName, isThumbprint, providerHref, type ProviderKind } from './provider';

/** Adds a SAML provider by its metadata, or an OpenID Connect provider by its address. */
export function Component() {
  const t = useMessages(providerMessages);
  const { iam } = useClients();
  const queries = useQueryClient();
  const notify = useNotify();
  const navigate = useNavigate();
  const [kind, setKind] = useState<ProviderKind>('saml');
  const [name, setName] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [url, setUrl] = useState('');
  const [audience, setAudience] = useState('');
  const [thumbprint, setThumbprint] = useState('');
  const [tags, setTags] = useState<EditedTag[]>([]);
  const [tagsValid, setTagsValid] = useState(true);
  const [attempts, setAttempts] = useState(0);
  const [running, setRunning] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const page = useRef<HTMLFormElement>(null);
  usePageTitle(t.create, { breadcrumbs: [{ text: t.title, href: '/iam/identity-providers' }], contentType: 'form' });

  const faults =
    kind === 'saml'
      ? { name: !isProviderName(name), metadata: file === null, tags: !tagsValid }
      : {
          url: !isIssuer(url.trim()),
          audience: audience.trim() === '' || audience.trim().length > 255,
          thumbprint: thumbprint.trim() !== '' && !isThumbprint(thumbprint.trim()),
          tags: !tagsValid,
        };
  const shown: Partial<Record<'name' | 'metadata' | 'url' | 'audience' | 'thumbprint' | 'tags', boolean>> = attempts > 0 ? faults : {};
  useEffect(() => {
    if (attempts) page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  const create = async () => {
    if (Object.values(faults).some(Boolean)) {
      setAttempts((n) => n + 1);
      return;
    }
    setRunning(true);
    setFailure(null);
    try {
      const client = await iam();
      const { put: Tags } = changes([], tags);
      const arn =
        kind === 'saml'
          ? (await client.send(new CreateSAMLProviderCommand({ Name: name, SAMLMetadataDocument: await file!.text(), Tags }))).SAMLProviderArn
          : (
              await client.send(
                new CreateOpenIDConnectProviderCommand({
                  Url: url.trim(),
                  ClientIDList: [audience.trim()],
                  ...(thumbprint.trim() && { ThumbprintList: [thumbprint.trim()] }),
                  Tags,
                }),
              )
            ).OpenIDConnectProviderArn;
      await queries.invalidateQueries({ queryKey: ['iam', 'providers'] });
      notify({ type: 'success', content: t.made(kind === 'saml' ? name : url.trim()) });
      void navigate(providerHref(arn!));
    } catch (error) {
      setFailure(error);
      setRunning(false);
    }
  };

  return (
    <form
      ref={page}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <Form
        header={<Header variant="h1">{t.create}</Header>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" href="/iam/identity-providers">
              {t.cancel}
            </Button>
            <Button variant="primary" loading={running}>
              {t.create}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {failure !== null && <FailureAlert error={failure} />}
          <Container header={<Header variant="h2">{t.configure}</Header>}>
            <Tiles
              ariaLabel={t.configure}
              columns={2}
              value={kind}
              onChange={({ detail }) => {
                setKind(detail.value as ProviderKind);
                setAttempts(0);
              }}
              items={(['saml', 'oidc'] as const).map((value) => ({ value, label: t.types[value], description: t.typeTexts[value] }))}
            />
          </Container>
          <Container header={<Header variant="h2">{t.details}</Header>}>
            {kind === 'saml' ? (
              <SpaceBetween size="m">
                <FormField label={t.providerName} constraintText={t.nameHint} errorText={shown.name && t.nameWrong}>
                  <Input value={name} autoComplete={false} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
                </FormField>
                <MetadataField file={file} wrong={shown.metadata === true} onChange={setFile} />
              </SpaceBetween>
            ) : (
              <SpaceBetween size="m">
                <FormField label={t.url} constraintText={t.urlHint} errorText={shown.url && t.urlWrong}>
                  <Input value={url} type="url" placeholder="https://" autoComplete={false} spellcheck={false} onChange={({ detail }) => setUrl(detail.value)} />
                </FormField>
                <FormField label={t.audience} constraintText={t.audienceHint} errorText={shown.audience && t.audienceWrong}>
                  <Input value={audience} autoComplete={false} spellcheck={false} onChange={({ detail }) => setAudience(detail.value)} />
                </FormField>
                <FormField
                  label={<Optional>{t.thumbprint}</Optional>}
                  constraintText={t.thumbprintHint}
                  errorText={shown.thumbprint && t.thumbprintWrong}
                >
                  <Input value={thumbprint} autoComplete={false} spellcheck={false} onChange={({ detail }) => setThumbprint(detail.value)} />
                </FormField>
              </SpaceBetween>
            )}
          </Container>
          <Container header={<Header variant="h2">{t.tags}</Header>}>
            <FormField errorText={shown.tags && t.tagsWrong} stretch>
              <TagsEditor tags={tags} onChange={setTags} onValid={setTagsValid} />
            </FormField>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}
