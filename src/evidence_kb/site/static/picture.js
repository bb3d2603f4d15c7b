// The picture's filters, and the picture itself as a graph where the graph library is there.
// Without it the filters work on the drawing and the table that the page brings.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { kbPicture } = window;
  const data = kbPicture.rows(JSON.parse($("picture-data").textContent));
  const drawing = $("picture-svg");
  const form = $("picture-filters");
  const neighbours = { claims: data.claims.map(() => []), sources: data.sources.map(() => []) };
  data.edges.forEach(([claim, source], edge) => {
    neighbours.claims[claim].push([source, edge]);
    neighbours.sources[source].push([claim, edge]);
  });
  const rows = new Map([...document.querySelectorAll("tr[data-claim]")].map((row) => [+row.dataset.claim, row]));

  // -- marks -------------------------------------------------------------------------------------------
  // A mark is ["claim" or "source", number]. Its text and link stand in the page once: in the table and the
  // drawing, or, where there are too many for those, in a script that is asked for when the first is wanted.
  let texts = null;
  let script = null;
  window.evidenceKbPicture = (told) => (texts = told);
  const withTexts = (then) => {
    if (texts || !data.texts) return then();
    if (!script) {
      script = Object.assign(document.createElement("script"), { src: data.texts });
      document.head.append(script);
    }
    script.addEventListener("load", then);
  };
  const linkOf = ([kind, i]) => {
    if (texts) {
      const [text, path] = texts[kind === "claim" ? 0 : 1][i];
      return { text, href: data.up + path };
    }
    const link = kind === "claim" ? rows.get(i).querySelector("a") : drawing.querySelector(`[data-source="${i}"]`);
    const text = kind === "claim" ? link.textContent : link.querySelector("title").textContent;
    return { text, href: link.getAttribute("href") };
  };
  const plural = (key, n) => {
    const [one, many] = data.words[key].split("|");
    return (n === 1 ? one : many).replace("{n}", n);
  };
  const describe = (mark) => {
    const [kind, i] = mark;
    if (kind === "source") return plural("with_claims", new Set(neighbours.sources[i].map(([c]) => c)).size);
    const [, , footing, section] = data.claims[i];
    const sources = plural("with_sources", new Set(neighbours.claims[i].map(([s]) => s)).size);
    return [data.words.footings[footing], data.words.sections[section], sources].join(" · ");
  };

  // -- filters -----------------------------------------------------------------------------------------
  const shown = { claims: [], sources: [], edges: [] };
  let redraw = () => {};

  function filter() {
    const chosen = new FormData(form);
    const [section, category, interest] = ["section", "category", "interest"].map((name) => chosen.get(name) ?? "");
    const footings = new Set(chosen.getAll("footing"));
    const everyFooting = footings.size === form.querySelectorAll(FOOTINGS).length + outside().length;
    const interested = data.sources.map((row) => !interest || row[3] === interest);
    shown.claims = data.claims.map(
      (row, i) =>
        footings.has(row[2]) &&
        (!section || row[3] === +section) &&
        (!category || row[4] === category) &&
        (!interest || neighbours.claims[i].some(([source]) => interested[source])),
    );
    const narrowed = section || category || !everyFooting;
    shown.sources = data.sources.map(
      (_, i) => interested[i] && (!narrowed || neighbours.sources[i].some(([claim]) => shown.claims[claim])),
    );
    shown.edges = data.edges.map(([claim, source]) => shown.claims[claim] && shown.sources[source]);
    showInPage();
    redraw();
    const count = shown.claims.filter(Boolean).length;
    $("picture-count").textContent = data.words.count.replace("{shown}", count).replace("{all}", data.claims.length);
    const kept = new URLSearchParams(Object.entries({ section, category, interest }).filter(([, value]) => value));
    if (!everyFooting) kept.set("footing", [...footings].join(" "));
    history.replaceState(null, "", `${location.pathname}${location.search}${kept.size ? `#${kept}` : ""}`);
  }
  const FOOTINGS = "input[name=footing]";
  const outside = () => [...document.querySelectorAll(FOOTINGS)].filter((box) => !form.contains(box));

  function showInPage() {
    rows.forEach((row, i) => (row.hidden = !shown.claims[i]));
    for (const body of document.querySelectorAll("tbody:has(tr[data-claim])")) {
      body.hidden = ![...body.querySelectorAll("tr[data-claim]")].some((row) => !row.hidden);
    }
    const section = form.elements.section.value;
    for (const row of document.querySelectorAll("tr[data-section]")) {
      row.hidden = section !== "" && row.dataset.section !== section;
    }
    for (const [kind, on] of [["claim", shown.claims], ["source", shown.sources], ["edge", shown.edges]]) {
      for (const mark of drawing.querySelectorAll(`[data-${kind}]`)) {
        mark.classList.toggle("off", !on[mark.dataset[kind]]);
      }
    }
  }

  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of ["section", "category", "interest"]) {
      const options = [...form.elements[name].options].map((option) => option.value);
      if (options.includes(kept.get(name))) form.elements[name].value = kept.get(name);
    }
    if (kept.has("footing")) {
      const footings = kept.get("footing").split(" ");
      for (const box of document.querySelectorAll(FOOTINGS)) box.checked = footings.includes(box.value);
    }
  }

  for (const box of document.querySelectorAll(FOOTINGS)) box.hidden = false;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  document.addEventListener("change", (event) => {
    if (event.target.form === form) filter();
  });
  recall();
  for (const mark of drawing.querySelectorAll("[data-claim]")) {
    const title = document.createElementNS(mark.namespaceURI, "title"); // what it says when pointed at
    title.textContent = linkOf(["claim", +mark.dataset.claim]).text;
    mark.append(title);
  }
  if (window.cytoscape) redraw = drawGraph(window.cytoscape);
  filter();

  // -- the graph ---------------------------------------------------------------------------------------

  function drawGraph(cytoscape) {
    const box = $("picture-graph");
    const many = data.claims.length + data.sources.length + data.edges.length > 1500;
    box.hidden = false;
    drawing.hidden = true;
    for (const id of ["picture-tools", "picture-help"]) $(id).hidden = false;
    const cy = cytoscape({
      container: box,
      elements: kbPicture.elements(data, many),
      style: kbPicture.style(data, many),
      layout: { name: "preset", fit: false },
      minZoom: 0.02,
      maxZoom: 4,
      autoungrabify: true,
      autounselectify: true,
      boxSelectionEnabled: false,
      hideEdgesOnViewport: many,
      textureOnViewport: many,
      pixelRatio: many ? 1 : "auto",
    });
    show(cy);
    const graph = { cy, box, at: null, rest: many ? 120 : 0 };
    whenPointed(graph);
    whenTyped(graph);
    whenPressed(graph);
    const themed = () => cy.style(kbPicture.style(data, many));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
    new MutationObserver(themed).observe(document.documentElement, { attributes: true });
    box.graph = cy; // for tests, and for whoever opens the console
    requestAnimationFrame(() => requestAnimationFrame(() => (box.dataset.ready = Math.round(performance.now()))));
    return () => {
      cy.batch(() => {
        for (const [letter, on] of [["c", shown.claims], ["s", shown.sources], ["e", shown.edges]]) {
          on.forEach((isOn, i) => cy.getElementById(letter + i).toggleClass("off", !isOn));
        }
      });
      if (graph.at && !isShown(graph.at)) point(graph, null);
      if (many) show(cy, cy.nodes(".claim, .source").filter((node) => !node.hasClass("off")));
    };
  }

  /** Fits marks (all, where none are given) into the box; a few are not blown up. */
  function show(cy, marks) {
    cy.fit(marks?.length ? marks : undefined, 12);
    if (cy.zoom() > 1.6) cy.zoom({ level: 1.6, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  const isShown = ([kind, i]) => (kind === "claim" ? shown.claims : shown.sources)[i];
  const idOf = ([kind, i]) => kind[0] + i;
  const markOf = (node) => [node.id()[0] === "c" ? "claim" : "source", +node.id().slice(1)];
  const near = ([kind, i]) => (kind === "claim" ? neighbours.claims : neighbours.sources)[i];

  /** Puts the light on a mark and all it is tied to, and tells what it is; `null` puts it out. */
  function point(graph, mark) {
    graph.at = mark;
    const { cy } = graph;
    cy.batch(() => {
      cy.elements(".here, .near").removeClass("here near");
      if (!mark) return;
      cy.getElementById(idOf(mark)).addClass("here");
      const other = mark[0] === "claim" ? "s" : "c";
      for (const [i, edge] of near(mark)) {
        cy.getElementById(`e${edge}`).addClass("near");
        cy.getElementById(other + i).addClass("near");
      }
    });
    if (mark) withTexts(() => graph.at === mark && showCard(mark));
    else showCard(null);
  }

  function showCard(mark) {
    const card = $("picture-card");
    card.hidden = !mark;
    card.replaceChildren();
    if (!mark) return;
    const { text, href } = linkOf(mark);
    const line = (className, ...content) => {
      const paragraph = document.createElement("p");
      paragraph.className = className;
      paragraph.dir = "auto";
      paragraph.append(...content);
      return paragraph;
    };
    const link = document.createElement("a");
    link.href = href;
    link.textContent = data.words.open;
    link.tabIndex = -1; // the graph's Enter key does the same
    card.append(line("what", text), line("about", describe(mark), " · ", link));
  }

  const open = (mark) => withTexts(() => location.assign(linkOf(mark).href));

  function whenPointed(graph) {
    const { cy, box } = graph;
    const marks = ".claim, .source";
    // lighting up a mark draws the picture again: among thousands, only where the pointer comes to rest
    let resting;
    cy.on("mouseover", marks, ({ target }) => {
      box.classList.add("over");
      resting = setTimeout(() => point(graph, markOf(target)), graph.rest);
    });
    cy.on("mouseout", marks, () => {
      clearTimeout(resting);
      box.classList.remove("over");
    });
    cy.on("tap", ({ target, originalEvent }) => {
      if (target === cy || !target.is(marks)) return point(graph, null);
      const mark = markOf(target);
      const again = graph.at && idOf(graph.at) === idOf(mark);
      // a finger covers what it points at: its first touch tells, its second opens
      if (originalEvent.type.startsWith("touch") && !again) return point(graph, mark);
      return open(mark);
    });
    // Cytoscape remembers where its box is until it hears of a scroll or a resize: too late for a pointer that
    // comes first, and never where the page above the box grew
    let known = "";
    const locate = () => {
      const { x, y } = box.getBoundingClientRect();
      if (known !== (known = `${x} ${y}`)) cy.resize();
    };
    for (const type of ["pointerdown", "pointermove", "mousedown", "mousemove", "touchstart"]) {
      box.addEventListener(type, locate, { capture: true, passive: true });
    }
    // the wheel scrolls the page; only with Ctrl it zooms the picture
    const pass = (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopImmediatePropagation();
    };
    box.addEventListener("wheel", pass, { capture: true, passive: true });
  }

  const zoomBy = (cy, factor) =>
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  const actions = {
    in: (cy) => zoomBy(cy, 1.4),
    out: (cy) => zoomBy(cy, 1 / 1.4),
    fit: (cy) => show(cy),
    left: (cy) => cy.panBy({ x: cy.width() / 4, y: 0 }),
    right: (cy) => cy.panBy({ x: -cy.width() / 4, y: 0 }),
    up: (cy) => cy.panBy({ x: 0, y: cy.height() / 4 }),
    down: (cy) => cy.panBy({ x: 0, y: -cy.height() / 4 }),
  };

  function whenPressed({ cy }) {
    $("picture-tools").addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) actions[button.dataset.do](cy);
    });
  }

  function whenTyped(graph) {
    const { cy, box } = graph;
    const keys = { "+": "in", "=": "in", "-": "out", 0: "fit" };
    const ways = { ArrowLeft: [-1, 0, "left"], ArrowRight: [1, 0, "right"], ArrowUp: [0, -1, "up"], ArrowDown: [0, 1, "down"] };
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const way = ways[event.key];
      if (way && event.shiftKey) actions[way[2]](cy);
      else if (way) step(graph, way[0], way[1]);
      else if (keys[event.key]) actions[keys[event.key]](cy);
      else if (event.key === "Enter" && graph.at) open(graph.at);
      else if (event.key === "Escape") point(graph, null);
      else return;
      event.preventDefault();
    });
  }

  /** Goes to the nearest mark that way; sideways counts double, so that rows and columns are kept to. */
  function step(graph, dx, dy) {
    const { cy } = graph;
    const from = graph.at ? cy.getElementById(idOf(graph.at)).position() : null;
    let best = null;
    let least = Infinity;
    const look = (kind, list) =>
      list.forEach(([x, y], i) => {
        if (!isShown([kind, i])) return;
        const along = from ? (x - from.x) * dx + (y - from.y) * dy : 1;
        const beside = from ? Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx) : x + y;
        if (along > 0.5 && along + 2 * beside < least) [least, best] = [along + 2 * beside, [kind, i]];
      });
    look("claim", data.claims);
    look("source", data.sources);
    if (!best) return;
    point(graph, best);
    const node = cy.getElementById(idOf(best));
    const { x, y } = node.renderedPosition();
    if (x < 30 || y < 30 || x > cy.width() - 30 || y > cy.height() - 90) cy.center(node);
    withTexts(() => ($("picture-said").textContent = `${linkOf(best).text}. ${describe(best)}`));
  }
})();
