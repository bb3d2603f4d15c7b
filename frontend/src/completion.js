// What the editor offers while a query is typed: vocabulary terms, prefixes, the query's own variables, keywords.
const KEYWORDS = (
  "SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK WHERE OPTIONAL UNION MINUS FILTER BIND VALUES GRAPH AS UNDEF " +
  "GROUP_BY HAVING ORDER_BY ASC DESC LIMIT OFFSET NOT EXISTS IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG " +
  "LANGMATCHES DATATYPE BOUND IRI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS " +
  "STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY NOW COALESCE IF STRLANG STRDT SAMETERM ISIRI ISBLANK ISLITERAL " +
  "ISNUMERIC REGEX SUBSTR REPLACE PREFIX BASE"
)
  .split(" ")
  .map((word) => ({ label: word.replace(/^(GROUP|ORDER)_BY$/, "$1 BY"), type: "keyword", boost: -2 }));

/** A CodeMirror completion source. A prefix that the query has not declared yet is declared when a term is taken. */
export function completions(prefixes, terms) {
  const options = terms.map(({ name, label, kind }) => ({
    label: name,
    detail: label,
    type: kind,
    apply: (view, _completion, from, to) => insertTerm(view, name, from, to, prefixes),
  }));
  const starts = Object.keys(prefixes).map((prefix) => ({ label: `${prefix}:`, detail: prefixes[prefix], boost: -1 }));
  return (context) => {
    const text = context.state.doc.toString();
    if (insideTextOrComment(text.slice(0, context.pos))) return null;
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const names = new Set(text.match(/[?$]\w+/g));
      names.delete(variable.text);
      return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
    }
    const declaration = context.matchBefore(/PREFIX\s+[\w-]*:?/i);
    if (declaration) {
      const from = declaration.from + declaration.text.search(/\s\S*$/) + 1;
      const declared = Object.entries(prefixes).map(([prefix, namespace]) => ({ label: `${prefix}: <${namespace}>` }));
      return { from, options: declared, validFor: /^[\w-]*:?$/ };
    }
    const word = context.matchBefore(/[\w-]+(:[\w-]*)?/);
    if (!word && !context.explicit) return null;
    const all = word?.text.includes(":") ? options : [...options, ...starts, ...KEYWORDS];
    return { from: word ? word.from : context.pos, options: all, validFor: /^[\w-]+(:[\w-]*)?$/ };
  };
}

function insertTerm(view, name, from, to, prefixes) {
  const prefix = name.slice(0, name.indexOf(":"));
  const changes = [{ from, to, insert: name }];
  let anchor = from + name.length;
  if (!new RegExp(`PREFIX\\s+${prefix}:`, "i").test(view.state.doc.toString())) {
    const declaration = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`;
    const at = afterHeader(view.state.doc.toString());
    changes.unshift({ from: at, insert: declaration });
    anchor += declaration.length;
  }
  view.dispatch({ changes, selection: { anchor }, userEvent: "input.complete" });
}

/** Where declarations begin: behind the comment lines that a question opens with. */
function afterHeader(text) {
  return /^(#[^\n]*\n)*/.exec(text)[0].length;
}

function insideTextOrComment(before) {
  const tokens = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|#[^\n]*\n/g;
  return /["'#]/.test(before.replace(tokens, ""));
}
