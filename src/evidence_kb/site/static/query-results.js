// Answers on the query page: tables that can be sorted, a chart where one fits, text for graphs.
"use strict";
(() => {
  const PAGE = 500;
  const SVG = "http://www.w3.org/2000/svg";
  const NUMBER = /^http:\/\/www\.w3\.org\/2001\/XMLSchema#(integer|decimal|double|float|\w*[iI]nt|long|short|byte)$/;
  const COUNTS_NOTHING = /^(position|number|line|column|year|status|entry)$/i;

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const isNumber = (cell) => cell?.type === "literal" && NUMBER.test(cell.datatype ?? "") && Number.isFinite(+cell.value);

  /** What stands in a cell: IRIs short and linked, texts with their language. */
  function shown(cell, data) {
    if (cell === undefined) return "";
    if (cell.type === "triple") {
      const { subject, predicate, object } = cell.value;
      return make("span", {}, "<<( ", ...[subject, predicate, object].flatMap((part) => [shown(part, data), " "]), ")>>");
    }
    if (cell.type === "bnode") return `_:${cell.value}`;
    if (cell.type !== "uri") {
      const text = make("span", { dir: "auto", textContent: cell.value });
      if (cell["xml:lang"]) text.lang = cell["xml:lang"];
      return text;
    }
    const short = window.kbQuery.compact(cell.value, data.prefixes);
    if (!/^https?:\/\//i.test(cell.value)) return make("bdi", { textContent: cell.value });
    // what has a prefix is of the vocabulary or the data, and this server knows a page about it
    const href = short === cell.value ? cell.value : `${data.resource}${encodeURIComponent(cell.value)}`;
    return make("a", { href, title: cell.value, rel: "noreferrer" }, make("bdi", { textContent: short }));
  }

  function compare(a, b) {
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
    if (isNumber(a) && isNumber(b)) return a.value - b.value;
    return String(a.value).localeCompare(String(b.value), document.documentElement.lang, { numeric: true });
  }

  /** Puts a table of `rows` into `place`: sorted by a click on a column, the first rows first. */
  function table(place, names, rows, columns, data) {
    const body = make("tbody");
    const more = make("button", { type: "button", className: "more" });
    let order = rows;
    let upTo = 0;
    const numeric = new Set(names.filter((name) => rows.some((r) => r[name]) && rows.every((r) => !r[name] || isNumber(r[name]))));
    const add = () => {
      const next = order.slice(upTo, upTo + PAGE);
      body.append(
        ...next.map((row) =>
          make("tr", {}, ...names.map((name) => make("td", { className: numeric.has(name) ? "number" : "" }, shown(row[name], data)))),
        ),
      );
      upTo += next.length;
      more.hidden = upTo >= order.length;
      more.textContent = fill(data.words.more, { n: Math.min(PAGE, order.length - upTo) });
    };
    more.addEventListener("click", add);
    const heads = names.map((name) => {
      const button = make("button", { type: "button", textContent: name, title: columns[name] ?? "" });
      const head = make("th", { scope: "col", className: numeric.has(name) ? "number" : "" }, button);
      button.addEventListener("click", () => {
        const down = head.ariaSort === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.ariaSort = down ? "descending" : "ascending";
        order = [...rows].sort((a, b) => (down ? -1 : 1) * compare(a[name], b[name]));
        body.replaceChildren();
        upTo = 0;
        add();
      });
      return head;
    });
    add();
    place.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body), more);
  }

  /** A bar chart where the rows are names with a number each; else nothing. Gives whether there is one. */
  function chart(place, names, rows, data) {
    place.replaceChildren();
    if (rows.length < 2 || rows.length > 40) return false;
    const value = names.find((name) => !COUNTS_NOTHING.test(name) && rows.every((row) => isNumber(row[name]) && +row[name].value >= 0));
    const label = names.find((name) => name !== value && rows.every((row) => row[name] && !isNumber(row[name])));
    if (!value || !label || new Set(rows.map((row) => row[label].value)).size < rows.length) return false;
    const most = Math.max(...rows.map((row) => +row[value].value));
    if (!most) return false;
    const named = new Map(data.terms);
    const text = (cell) => {
      // shipped questions answer with a code's word, not with its IRI
      if (cell.type !== "uri") return (!cell["xml:lang"] && named.get(`code:${cell.value}`)) || cell.value;
      const short = window.kbQuery.compact(cell.value, data.prefixes);
      return named.get(short) || short.replace(/^code:/, "");
    };
    const draw = (tag, attributes, content = "") => {
      const element = document.createElementNS(SVG, tag);
      for (const [name, each] of Object.entries(attributes)) element.setAttribute(name, each);
      element.textContent = content;
      return element;
    };
    const svg = draw("svg", { viewBox: `0 0 640 ${rows.length * 24 + 4}`, role: "img" });
    svg.setAttribute("aria-label", fill(data.words.chart_of, { value, label }));
    rows.forEach((row, i) => {
      const width = Math.max((380 * row[value].value) / most, 1);
      const name = text(row[label]);
      const y = i * 24 + 4;
      svg.append(
        draw("text", { x: 198, y: y + 14, "text-anchor": "end" }, name.length > 30 ? `${name.slice(0, 29)}…` : name),
        draw("rect", { x: 206, y, width, height: 18, rx: 2 }),
        draw("text", { x: 212 + width, y: y + 14 }, row[value].value),
      );
    });
    place.append(svg);
    return true;
  }

  /** A button that saves `content` as a file. */
  function download(name, type, content, label) {
    const button = make("button", { type: "button", textContent: label });
    button.addEventListener("click", () => {
      const link = make("a", { href: URL.createObjectURL(new Blob([content()], { type })), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
    return button;
  }

  Object.assign(window.kbQuery, { chart, download, fill, make, table });
})();
