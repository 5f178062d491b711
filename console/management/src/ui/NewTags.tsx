import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import { useMessages } from '../messages';
import { messages } from './messages';
import { Optional } from './Optional';
import { changes, TagsEditor, type EditedTag } from './TagsEditor';

export interface NewTags {
  tags: EditedTag[];
  onChange: (tags: EditedTag[]) => void;
  /** Whether the service would take them. */
  valid: boolean;
  onValid: (valid: boolean) => void;
  /** The part of a request that carries them: nothing without any. */
  request: { Tags?: { Key: string; Value: string }[] };
}

/** The tags that something is to have which is about to be made. */
export function useNewTags(): NewTags {
  const [tags, onChange] = useState<EditedTag[]>([]);
  const [valid, onValid] = useState(true);
  const { put } = changes([], tags);
  return { tags, onChange, valid, onValid, request: put.length > 0 ? { Tags: put } : {} };
}

/** Their part of a form. */
export function NewTagsContainer({ of: { tags, onChange, valid, onValid }, tried }: { of: NewTags; /** Whether to say what is wrong. */ tried: boolean }) {
  const t = useMessages(messages).tags;
  return (
    <Container
      header={
        <Header variant="h2">
          <Optional>{t.title}</Optional>
        </Header>
      }
    >
      <TagsEditor tags={tags} onChange={onChange} onValid={onValid} />
      {tried && !valid && <StatusIndicator type="error">{t.wrong}</StatusIndicator>}
    </Container>
  );
}
