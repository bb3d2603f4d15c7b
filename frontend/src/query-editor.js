// The SPARQL editor of the query page, as `window.sparqlEditor(textarea, options)`.
//
// It lives in a shadow root: there CodeMirror hands its styles over as constructed style sheets, which a strict
// Content-Security-Policy allows, instead of <style> elements, which it does not.
import { autocompletion } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { sparql, SparqlLanguage } from "codemirror-lang-sparql";

import { completions } from "./completion.js";

/**
 * Puts an editor in the place of a text area, which keeps the text for the form.
 *
 * @param {HTMLTextAreaElement} area its label names the editor
 * @param {object} options
 * @param {string} options.label the editor's name for screen readers
 * @param {Record<string, string>} options.prefixes namespaces by prefix
 * @param {{name: string, label: string, kind: string}[]} options.terms what completion offers
 * @param {Record<string, string>} [options.phrases] translations of CodeMirror's own words
 * @param {() => void} options.run called for Ctrl-Enter (Cmd-Enter on a Mac)
 * @param {(text: string) => void} options.changed called after every change
 */
function sparqlEditor(area, options) {
  const host = document.createElement("div");
  host.className = "editor";
  area.after(host);
  area.hidden = true;
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (options.run(), true) }])),
        basicSetup,
        sparql(),
        SparqlLanguage.data.of({ autocomplete: completions(options.prefixes, options.terms) }),
        autocompletion({ icons: false }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label, lang: "en", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            area.value = update.state.doc.toString();
            options.changed(area.value);
          }
        }),
        EditorState.phrases.of(options.phrases ?? {}),
        theme,
        syntaxHighlighting(colours),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    setText(text) {
      if (text !== view.state.doc.toString()) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 } });
      }
    },
    /** Underlines from `offset` to the end of the word there; a missing offset takes the marks away. */
    markError(offset, message) {
      const marks = [];
      if (offset !== undefined) {
        const from = Math.min(Math.max(offset, 0), view.state.doc.length);
        const word = /^[^\s(){}.;,]+/.exec(view.state.sliceDoc(from, from + 200));
        const to = Math.min(from + Math.max(word ? word[0].length : 1, 1), view.state.doc.length);
        marks.push({ from: from === to ? Math.max(from - 1, 0) : from, to, severity: "error", message });
        view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      }
      view.dispatch(setDiagnostics(view.state, marks));
    },
  };
}

// All colours are the page's own custom properties, which reach into the shadow root and follow the theme.
const theme = EditorView.theme({
  "&": { color: "var(--code-text)", backgroundColor: "var(--code-background)", fontSize: "0.9375rem" },
  "&.cm-focused": { outline: "3px solid var(--code-focus)", outlineOffset: "1px" },
  ".cm-content": { fontFamily: "var(--code-font)", caretColor: "var(--code-text)", minHeight: "12rem" },
  ".cm-scroller": { fontFamily: "var(--code-font)", maxHeight: "32rem", overflow: "auto" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--code-text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--code-selection)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-active)" },
  ".cm-gutters": { color: "var(--code-quiet)", backgroundColor: "var(--code-background)", border: "none" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--code-selection)",
    outline: "1px solid var(--code-quiet)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--code-active)" },
  ".cm-foldPlaceholder": { color: "var(--code-quiet)", background: "none", borderColor: "var(--code-quiet)" },
  ".cm-tooltip, .cm-panels": {
    color: "var(--code-text)",
    backgroundColor: "var(--code-panel)",
    border: "1px solid var(--code-quiet)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    color: "var(--code-panel)",
    backgroundColor: "var(--code-focus)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionDetail": { color: "var(--code-quiet)", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "bold" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--code-error) 2px",
    textUnderlineOffset: "3px",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--code-error)" },
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--code-background)" },
  ".cm-button": { color: "inherit", backgroundImage: "none", backgroundColor: "var(--code-background)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool], color: "var(--code-number)" },
  { tag: [tags.url, tags.namespace, tags.propertyName, tags.typeName, tags.className], color: "var(--code-name)" },
  { tag: tags.comment, color: "var(--code-quiet)", fontStyle: "italic" },
]);

window.sparqlEditor = sparqlEditor;
