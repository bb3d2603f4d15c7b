// The query page: choosing a question, filling in its fields, asking, stopping, showing the answer.
"use strict";
(() => {
  const { bind, chart, csv, download, fill, make, offsetOf, parametersOf, placeOf, table, term } = window.kbQuery;
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("query-data").textContent);
  const { words } = data;
  const form = $("query-form");
  const area = $("query-text");
  const endpoint = form.action;
  data.resource = `${endpoint.replace(/sparql$/, "")}resource?iri=`;
  let question = null; // the name of the chosen question, as long as its text is unchanged
  let running = null;

  // -- the editor --------------------------------------------------------------------------------------
  const plain = {
    focus: () => area.focus(),
    setText: (text) => (area.value = text),
    markError: (offset) => offset !== undefined && area.setSelectionRange(offset, offset + 1),
  };
  const editor = window.sparqlEditor
    ? window.sparqlEditor(area, {
        label: words.editor_label,
        prefixes: data.prefixes,
        terms: data.terms.map(([name, label, kind]) => ({ name, label, kind })),
        run: () => run(),
        changed,
      })
    : plain;
  if (window.sparqlEditor) document.querySelector("label[for=query-text]").addEventListener("click", () => editor.focus());
  area.addEventListener("input", () => changed(area.value));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });

  // -- fields ------------------------------------------------------------------------------------------
  const declared = () => new Map((question ? data.questions[question].parameters : []).map((each) => [each.name, each]));

  /** A field for every parameter in the text; what was filled in stays. */
  function showFields(values) {
    const known = declared();
    const names = parametersOf(area.value);
    const order = [...known.keys()].filter((name) => names.includes(name));
    const wanted = [...order, ...names.filter((name) => !known.has(name))];
    $("query-fields").replaceChildren(
      ...wanted.map((name) => {
        const own = { name, type: "string", label: fill(words.own, { name }), default: "", required: false };
        return field(known.get(name) ?? own, values[name]);
      }),
    );
  }

  function field(parameter, value = parameter.default ?? "") {
    const input = parameter.options ? make("select") : make("input", { type: "text", autocomplete: "off" });
    input.id = `field-${parameter.name}`;
    input.dataset.parameter = parameter.name;
    input.dataset.type = parameter.type;
    if (parameter.options) {
      if (!parameter.default) input.append(make("option", { value: "", textContent: "–" }));
      input.append(...parameter.options.map(([word, label]) => make("option", { value: word, textContent: label })));
    }
    if (parameter.type === "language") input.setAttribute("list", "languages");
    if (parameter.type === "integer") input.inputMode = "numeric";
    if (parameter.type === "iri") {
      input.setAttribute("list", "names");
      input.addEventListener("focus", names, { once: true });
    }
    if (parameter.example) input.placeholder = parameter.example;
    input.required = parameter.required;
    input.value = value;
    return make("label", { htmlFor: input.id }, make("span", { textContent: parameter.label }), input);
  }

  const fields = () => [...$("query-fields").querySelectorAll("[data-parameter]")];
  const fieldValues = () => Object.fromEntries(fields().map((input) => [input.dataset.parameter, input.value]));

  // -- names of claims and sources, asked for when a field first wants one --------------------------------
  let known = null;
  function names() {
    known ??= ask(data.names_query, new AbortController().signal)
      .then(({ body }) => {
        const iris = new Map();
        const options = [];
        for (const { thing, text, number } of JSON.parse(body).results.bindings) {
          const local = thing.value.replace(/[/#]+$/, "").replace(/^.*[/#]/, "").toLowerCase();
          for (const name of number ? [local, number.value] : [local]) {
            iris.set(name, iris.has(name) && iris.get(name) !== thing.value ? "" : thing.value);
          }
          options.push(make("option", { value: window.kbQuery.compact(thing.value, data.prefixes), label: text.value.slice(0, 90) }));
        }
        $("names").replaceChildren(...options);
        return iris;
      })
      .catch(() => ((known = null), new Map())); // without names, IRIs still do
    return known;
  }
  const lists = [make("datalist", { id: "names" }), make("datalist", { id: "languages" })];
  lists[1].append(...["de", "en"].map((value) => make("option", { value })));
  form.append(...lists);

  function resolver(iris) {
    return (value) => {
      if (value.includes("://")) return value.replace(/^<|>$/g, "");
      const [prefix, local] = value.split(/:(.*)/s);
      if (local && Object.hasOwn(data.prefixes, prefix)) return data.prefixes[prefix] + local;
      return iris.get(value.replace(/[[\]【】]/g, "").toLowerCase());
    };
  }

  // -- choosing a question -------------------------------------------------------------------------------
  function choose(name, values = {}) {
    question = name;
    const chosen = data.questions[name];
    $("question-head").hidden = false;
    $("question-title").textContent = chosen.title;
    $("question-summary").textContent = chosen.summary;
    area.value = chosen.text;
    editor.setText(chosen.text);
    question = name; // setting the text was no edit
    showFields(values);
    mark();
  }

  function changed(text) {
    if (question && text !== data.questions[question].text) {
      question = null;
      $("question-head").hidden = true;
      mark();
    }
    showError();
    const names = fields().map((input) => input.dataset.parameter);
    if (parametersOf(text).sort().join() !== names.sort().join()) showFields(fieldValues());
  }

  function mark() {
    for (const link of document.querySelectorAll("[data-question]")) {
      if (link.dataset.question === question) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  $("questions").addEventListener("click", (event) => {
    const link = event.target.closest("[data-question]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.dataset.question);
    const open = fields().find((input) => input.required && !input.value);
    if (open) open.focus();
    else run();
  });
  $("question-filter").addEventListener("input", ({ target }) => {
    const wanted = target.value.toLowerCase().split(/\s+/);
    for (const group of $("questions").querySelectorAll("details")) {
      for (const item of group.querySelectorAll("li")) {
        const { dataset, textContent } = item.firstElementChild;
        const text = `${textContent} ${dataset.question} ${data.questions[dataset.question].summary}`.toLowerCase();
        item.hidden = !wanted.every((word) => text.includes(word));
      }
      group.hidden = !group.querySelector("li:not([hidden])");
    }
  });

  // -- asking --------------------------------------------------------------------------------------------
  async function ask(query, signal) {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { Accept: "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.5" },
      body: new URLSearchParams({ query }),
      signal,
    });
    return { status: response.status, type: response.headers.get("Content-Type") ?? "", body: await response.text() };
  }

  async function run({ remember = true } = {}) {
    running?.abort();
    const own = (running = new AbortController());
    const text = area.value;
    showError();
    let asked;
    try {
      asked = await bound(text);
    } catch (error) {
      if (!error.key) throw error;
      const input = $(`field-${error.parameter}`);
      input.setAttribute("aria-invalid", "true");
      input.focus();
      return showError(fill(words[error.key], { value: error.value, label: error.label }));
    }
    if (remember) history.pushState(null, "", address());
    const begin = performance.now();
    const seconds = () => ((performance.now() - begin) / 1000).toLocaleString(data.language, { maximumFractionDigits: 2 });
    const clock = setInterval(() => ($("query-clock").textContent = `${Math.floor((performance.now() - begin) / 1000)} s`), 500);
    busy(true);
    try {
      show(await ask(asked.bound, own.signal), asked, seconds());
    } catch (error) {
      if (running !== own) return; // another query has taken its place
      if (error.name === "AbortError") $("query-status").textContent = fill(words.stopped, { s: seconds() });
      else fail(words.unreachable);
    } finally {
      clearInterval(clock);
      if (running === own) {
        running = null;
        busy(false);
      }
    }
  }

  async function bound(text) {
    const iris = fields().some((input) => input.dataset.type === "iri") ? await names() : new Map();
    const resolve = resolver(iris);
    const terms = {};
    for (const input of fields()) {
      const { parameter, type } = input.dataset;
      input.removeAttribute("aria-invalid");
      try {
        if (input.required && !input.value) throw Object.assign(new Error("required"), { key: "required" });
        terms[parameter] = term(type, input.value, { codes: data.codes, resolve });
      } catch (error) {
        error.parameter = parameter;
        error.label = input.labels[0].firstChild.textContent;
        throw error;
      }
    }
    return { text, ...bind(text, terms) };
  }

  function busy(is) {
    $("query-stop").disabled = !is;
    if (is) $("query-status").textContent = words.running;
    $("query-clock").textContent = "";
    $("query-results").classList.toggle("stale", is);
  }

  // -- answers -------------------------------------------------------------------------------------------
  function show(answer, asked, seconds) {
    if (answer.status !== 200) return showFailure(answer, asked);
    const name = question ?? "query";
    const downloads = $("query-downloads");
    $("query-results").hidden = false;
    $("query-chart").hidden = true;
    if (!answer.type.includes("json")) {
      $("query-table").replaceChildren(make("pre", { textContent: answer.body }));
      downloads.replaceChildren(download(`${name}.ttl`, "text/turtle", () => answer.body, "Turtle"));
      $("query-status").textContent = fill(words.triples, { s: seconds });
      return;
    }
    let parsed;
    try {
      parsed = JSON.parse(answer.body);
    } catch {
      return fail(fill(words.truncated, { message: answer.body.slice(-200) }));
    }
    const json = download(`${name}.json`, "application/sparql-results+json", () => answer.body, "JSON");
    if (typeof parsed.boolean === "boolean") {
      $("query-table").replaceChildren(make("p", { className: "yes-no", textContent: parsed.boolean ? words.yes : words.no }));
      downloads.replaceChildren(json);
      $("query-status").textContent = parsed.boolean ? words.yes : words.no;
      return;
    }
    const { vars } = parsed.head;
    const rows = parsed.results.bindings;
    table($("query-table"), vars, rows, question ? data.questions[question].columns : {}, data);
    $("query-chart").hidden = !chart($("chart-place"), vars, rows, data);
    downloads.replaceChildren(download(`${name}.csv`, "text/csv", () => csv(vars, rows), "CSV"), json);
    const n = rows.length.toLocaleString(data.language);
    $("query-status").textContent = fill(rows.length === 1 ? words.rows_one : words.rows_many, { n, s: seconds });
  }

  /** Says what the server refused, and where: problem details (RFC 9457) with `line` and `column`. */
  function showFailure({ status, body }, asked) {
    let problem = {};
    try {
      problem = JSON.parse(body);
    } catch {
      problem.detail = body.slice(0, 300);
    }
    const told = problem.detail || problem.title || fill(words.failed, { status });
    const message = told.replace(/^query:\d+:\d+: /, ""); // the place in what was sent; below is that in what was typed
    if (!problem.line) return fail(message);
    const offset = asked.original(offsetOf(asked.bound, problem.line, problem.column ?? 1));
    const { line, column } = placeOf(asked.text, offset);
    fail(fill(words.error_at, { line, column, message }));
    editor.markError(offset, message);
  }

  function fail(message) {
    $("query-status").textContent = "";
    $("query-results").hidden = true;
    showError(message);
  }

  function showError(message) {
    $("query-error").hidden = !message;
    $("query-error").textContent = message ?? "";
    if (!message) editor.markError(undefined);
  }

  // -- addresses -------------------------------------------------------------------------------------------
  function address() {
    const values = fieldValues();
    const search = new URLSearchParams(question ? { question, ...values } : { query: area.value, ...prefixed(values) });
    return `${location.pathname}?${search}`;
  }
  const prefixed = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [`_${name}`, value]));

  function recall() {
    const search = new URLSearchParams(location.search);
    const name = search.get("question");
    const values = Object.fromEntries(search);
    if (name !== null && Object.hasOwn(data.questions, name)) {
      choose(name, values);
      run({ remember: false });
    } else if (search.has("query")) {
      editor.setText((area.value = search.get("query")));
      showFields(Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replace(/^_/, ""), value])));
      run({ remember: false });
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  $("query-stop").addEventListener("click", () => running?.abort());
  $("query-share").addEventListener("click", async () => {
    const whole = new URL(address(), location.href).href;
    try {
      await navigator.clipboard.writeText(whole);
      $("query-status").textContent = words.copied;
    } catch {
      window.prompt(words.copied, whole); // no clipboard without https: then it is at least there to be copied
    }
  });
  addEventListener("popstate", recall);
  for (const id of ["questions", "query-stop", "query-share", "query-key"]) $(id).hidden = false;
  $("query-format").remove();
  showFields({});
  recall();
  document.documentElement.dataset.queryReady = "";
})();
