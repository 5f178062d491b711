import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, defaultHighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useEffectEvent, useImperativeHandle, useRef, type Ref } from 'react';

export interface CodeEditorHandle {
  /** Puts the cursor at a character and shows it. */
  goTo: (offset: number) => void;
}

/**
 * An editor for JSON. It stands in a shadow root, where CodeMirror's styles are
 * constructed sheets: the Content-Security-Policy allows no others. Tab leaves it, as it
 * leaves every field; indentation follows the line above.
 */
export function CodeEditor({
  value,
  onChange,
  label,
  readOnly = false,
  diagnostics,
  ref,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  readOnly?: boolean;
  diagnostics: readonly Diagnostic[];
  ref?: Ref<CodeEditorHandle>;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const access = useRef(new Compartment());
  // What was typed and has not come back as the value yet. While somebody types on, older values still arrive.
  const underway = useRef<string[]>([]);
  const changed = useEffectEvent(onChange);
  const initially = useEffectEvent(() => value);

  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' });
    const parent = document.createElement('div');
    root.append(parent);
    const editor = new EditorView({
      root,
      parent,
      state: EditorState.create({
        doc: initially(),
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          indentOnInput(),
          indentUnit.of('    '),
          bracketMatching(),
          closeBrackets(),
          syntaxHighlighting(defaultHighlightStyle),
          json(),
          EditorView.lineWrapping,
          look,
          access.current.of(accessible(label, readOnly)),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((t) => t.annotation(fromOutside))) return;
            const text = update.state.doc.toString();
            underway.current.push(text);
            changed(text);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
      parent.remove();
    };
    // Its label and whether it can be written in are set by the effects below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => view.current?.dispatch({ effects: access.current.reconfigure(accessible(label, readOnly)) }), [label, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const arrived = underway.current.indexOf(value);
    if (arrived >= 0) {
      underway.current.splice(0, arrived + 1);
      return;
    }
    underway.current = [];
    if (editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, annotations: fromOutside.of(true) });
    }
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const inside = diagnostics.map((d) => ({ ...d, from: Math.min(d.from, end), to: Math.min(d.to, end) }));
    editor.dispatch(setDiagnostics(editor.state, inside));
  }, [diagnostics]);

  useImperativeHandle(ref, () => ({
    goTo: (offset) => {
      const at = Math.min(offset, view.current?.state.doc.length ?? 0);
      view.current?.dispatch({ selection: { anchor: at }, scrollIntoView: true });
      view.current?.focus();
    },
  }));

  return <div ref={host} className="code-editor" />;
}

/** Marks changes that the page makes, which it need not be told of. */
const fromOutside = Annotation.define<boolean>();

const accessible = (label: string, readOnly: boolean) => [
  EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': String(readOnly), tabindex: '0', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' }),
  EditorState.readOnly.of(readOnly),
];

const look = EditorView.theme({
  '&': { border: '1px solid #8c8c94', borderRadius: '8px', fontSize: '14px', backgroundColor: '#fff', color: '#0f141a' },
  '&.cm-focused': { outline: '2px solid #006ce0', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'Monaco, Menlo, Consolas, "Courier New", monospace', maxHeight: '36rem', overflow: 'auto' },
  '.cm-content, .cm-gutter': { minHeight: '16rem' },
  '.cm-gutters': { borderRadius: '8px 0 0 8px', backgroundColor: '#f6f6f9', color: '#424650' },
});
