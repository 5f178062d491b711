import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import { useMessages } from '../messages';
import { Optional } from '../ui/Optional';
import type { FileProblem } from './files';
import { messages } from './messages';

/** Chooses files to attach; `problem` is what keeps them from being sent. */
export function Files({ files, problem, onChange }: { files: File[]; problem?: FileProblem | undefined; onChange: (files: File[]) => void }) {
  const all = useMessages(messages);
  const t = all.files;
  const error = problem && (problem.kind === 'tooMany' ? t.tooMany : t[problem.kind](problem.name));
  return (
    <FormField label={<Optional>{t.label}</Optional>} description={t.hint} errorText={error}>
      <FileUpload
        multiple
        value={files}
        onChange={({ detail }) => onChange(detail.value)}
        showFileSize
        invalid={problem !== undefined}
        i18nStrings={{
          uploadButtonText: () => t.choose,
          dropzoneText: () => t.drop,
          removeFileAriaLabel: (index) => t.remove(files[index]?.name ?? ''),
          limitShowFewer: t.showFewer,
          limitShowMore: t.showMore,
          errorIconAriaLabel: t.error,
          warningIconAriaLabel: t.warning,
        }}
      />
    </FormField>
  );
}
