import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import { useMessages } from '../../messages';
import { providerMessages } from './messages';

/** Chooses the XML file of a SAML identity provider; `wrong` says that none was chosen. */
export function MetadataField({ file, wrong, onChange }: { file: File | null; wrong: boolean; onChange: (file: File | null) => void }) {
  const t = useMessages(providerMessages);
  return (
    <FormField label={t.metadata} constraintText={t.metadataHint} errorText={wrong && t.metadataWrong}>
      <FileUpload
        value={file ? [file] : []}
        accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
        showFileSize
        invalid={wrong}
        onChange={({ detail }) => onChange(detail.value[0] ?? null)}
        i18nStrings={{
          uploadButtonText: () => t.choose,
          dropzoneText: () => t.drop,
          removeFileAriaLabel: () => t.remove,
          limitShowFewer: t.showFewer,
          limitShowMore: t.showMore,
          errorIconAriaLabel: t.error,
          warningIconAriaLabel: t.warning,
        }}
      />
    </FormField>
  );
}
