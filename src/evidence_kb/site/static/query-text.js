// SPARQL as text, for the query page: its parameters, and how what a person types becomes an RDF term.
// The same rules as evidence_kb.questions and evidence_kb.sparql, so that the page and `kb query` ask alike.
"use strict";
window.kbQuery = (() => {
  const TOKEN =
    /<[^<>"{}|^`\\\x00-\x20]*>|"""(?:[^"\\]|\\[^]|"(?!""))*"""|'''(?:[^'\\]|\\[^]|'(?!''))*'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|#[^\n]*|[?$]([\p{L}\p{N}_]+)/gu;
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;
  const LANGUAGE = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/;

  /** Names of the parameters (variables ?_name) that a query uses, each once. */
  function parametersOf(text) {
    const names = new Set();
    for (const match of text.matchAll(TOKEN)) if (match[1]?.startsWith("_")) names.add(match[1].slice(1));
    return [...names];
  }

  /** The text with terms in the place of parameters, and a function that finds a place in it again in the original. */
  function bind(text, terms) {
    const moved = []; // [place in the bound text behind a term, by how much it is further on]
    let shift = 0;
    const bound = text.replaceAll(TOKEN, (token, name, offset) => {
      const term = name?.startsWith("_") ? terms[name.slice(1)] : undefined;
      if (term === undefined) return token;
      const start = offset + shift;
      shift += term.length - token.length;
      moved.push([start, start + term.length, shift, offset]);
      return term;
    });
    const original = (place) => {
      let by = 0;
      for (const [start, end, after, offset] of moved) {
        if (place < start) break;
        if (place < end) return offset;
        by = after;
      }
      return place - by;
    };
    return { bound, original };
  }

  const literal = (value) =>
    `"${value.replace(/[\\"\n\r\t]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c])}"`;

  /**
   * What a person typed, as a term; throws the key of the message for what does not fit.
   * @param {(value: string) => string | undefined} resolve finds the IRI that a name means
   */
  function term(type, value, { codes, resolve }) {
    const demand = (fits, key) => {
      if (!fits) throw Object.assign(new Error(key), { key, value });
    };
    switch (type) {
      case "iri": {
        const iri = resolve(value.trim());
        demand(iri && !/[<>"{}|^`\\\x00-\x20]/.test(iri), "unknown_name");
        return `<${iri}>`;
      }
      case "code":
        demand(/^[a-z0-9-]+$/.test(value), "unknown_name");
        return `<${codes}${value}>`;
      case "integer":
        demand(/^\s*[+-]?\d+\s*$/.test(value), "bad_integer");
        return `"${BigInt(value.trim().replace(/^\+/, ""))}"^^<${XSD}integer>`;
      case "date":
        demand(DATE.test(value), "bad_date");
        return `"${value}"^^<${XSD}${value.includes("T") ? "dateTime" : "date"}>`;
      case "language":
        demand(LANGUAGE.test(value), "bad_language");
        return literal(value.toLowerCase());
      default:
        return literal(value);
    }
  }

  /** Offset of a line and column (both from 1) in a text. */
  function offsetOf(text, line, column) {
    const lines = text.split("\n");
    return lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + Math.max(column - 1, 0);
  }

  /** Line and column (both from 1) of an offset. */
  function placeOf(text, offset) {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length, column: before.at(-1).length + 1 };
  }

  /** An IRI with a prefix, where one fits. */
  function compact(iri, prefixes) {
    let best = iri;
    for (const [prefix, namespace] of Object.entries(prefixes)) {
      const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
      const name = `${prefix}:${local}`;
      if (local && !/[/#?]/.test(local) && (best === iri || name.length < best.length)) best = name;
    }
    return best;
  }

  /** Rows as CSV, as the SPARQL 1.1 results format for it has them. */
  function csv(names, rows) {
    const cell = (value = "") => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    const lines = rows.map((row) => names.map((name) => cell(valueOf(row[name]))).join(","));
    return `${[names.map(cell).join(","), ...lines].join("\r\n")}\r\n`;
  }

  const valueOf = (cell) => (cell === undefined ? undefined : cell.type === "bnode" ? `_:${cell.value}` : cell.value);

  return { bind, compact, csv, offsetOf, parametersOf, placeOf, term };
})();
