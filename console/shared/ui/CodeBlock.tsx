import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useLocale } from '../locale';
import './code-block.css';

interface CodeBlockProps {
  /** Names the text to those who cannot see where it stands, and tells one Copy button from the next. */
  label: string;
  /** What Copy puts on the clipboard. */
  text: string;
  /** What is shown; the text itself unless part of it is hidden. */
  shown?: string;
}

/** A text to paste elsewhere, with its Copy button. */
export function CodeBlock({ label, text, shown = text }: CodeBlockProps) {
  return (
    <div className="code-block" role="group" aria-label={label}>
      {/* Reached by the keyboard, for a long text scrolls. */}
      <pre className="code-block-text" tabIndex={0}>
        {shown}
      </pre>
      <div className="code-block-copy">
        <CopyButton label={label} text={text} />
      </div>
    </div>
  );
}

/** @param button is the button's visible text, "Copy" unless something narrower is copied. */
export function CopyButton({ label, text, button }: { label: string; text: string; button?: string }) {
  const { t } = useLocale();
  return (
    <CopyToClipboard
      variant="button"
      copyButtonText={button ?? t.copy.button}
      copyButtonAriaLabel={button ?? t.copy.label(label)}
      textToCopy={text}
      copySuccessText={t.copy.done}
      copyErrorText={t.copy.failed}
      popoverRenderWithPortal
    />
  );
}

/** One value in its line of text, with an icon to copy it. */
export function CopyValue({ label, text, shown = text }: CodeBlockProps) {
  const { t } = useLocale();
  return (
    <CopyToClipboard
      variant="inline"
      copyButtonAriaLabel={t.copy.label(label)}
      textToCopy={text}
      textToDisplay={<span className="copy-value">{shown}</span>}
      copySuccessText={t.copy.done}
      copyErrorText={t.copy.failed}
      popoverRenderWithPortal
    />
  );
}
