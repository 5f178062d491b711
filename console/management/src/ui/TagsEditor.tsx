import CloudscapeTagEditor from '@cloudscape-design/components/tag-editor';
import { useLocale } from '../../../shared/locale';
import { tagEditorStrings } from './tagStrings';

/** A tag as every service's client has it. */
export interface Tag {
  Key: string | undefined;
  Value: string | undefined;
}

export interface EditedTag extends Tag {
  Key: string;
  Value: string;
  /** Whether the server has it. */
  existing: boolean;
  markedForRemoval?: boolean;
}

/** What services take: 50 tags, keys to 128 and values to 256 characters (behaviours.md 1.4). */
const MOST = 50;

/** Edits tags; nothing is saved here. `changes` tells what has to be asked of the service. */
export function TagsEditor({
  tags,
  onChange,
  onValid,
}: {
  tags: readonly EditedTag[];
  onChange: (tags: EditedTag[]) => void;
  /** Told whether the service would take them. */
  onValid?: (valid: boolean) => void;
}) {
  const { locale } = useLocale();
  return (
    <CloudscapeTagEditor
      tags={tags.map(({ Key, Value, existing, markedForRemoval }) => ({ key: Key, value: Value, existing, ...(markedForRemoval !== undefined && { markedForRemoval }) }))}
      tagLimit={MOST}
      i18nStrings={tagEditorStrings[locale]}
      onChange={({ detail }) => {
        onValid?.(detail.valid);
        onChange(
          detail.tags.map(({ key, value, existing, markedForRemoval }) => ({
            Key: key,
            Value: value,
            existing,
            ...(markedForRemoval !== undefined && { markedForRemoval }),
          })),
        );
      }}
    />
  );
}

export const edited = (tags: readonly Tag[] = []): EditedTag[] => tags.map(({ Key = '', Value = '' }) => ({ Key, Value, existing: true }));

/** What changed between the server's tags and the edited ones. */
export function changes(before: readonly Tag[], after: readonly EditedTag[]): { put: { Key: string; Value: string }[]; remove: string[] } {
  const had = new Map(before.map(({ Key = '', Value = '' }) => [Key, Value]));
  return {
    put: after.filter((t) => !t.markedForRemoval && t.Key !== '' && had.get(t.Key) !== t.Value).map(({ Key, Value }) => ({ Key, Value })),
    remove: after.filter((t) => t.markedForRemoval && had.has(t.Key)).map(({ Key }) => Key),
  };
}
