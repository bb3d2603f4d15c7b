// How the picture's data become marks and lines of a graph, and how those look.
"use strict";
(() => {
  /** Columns of steps and of numbers of words, see picture_data.py, become rows. */
  function rows(data) {
    const sums = (steps, at = 0) => steps.map((step) => (at += step));
    const words = ([list, numbers]) => numbers.map((number) => list[number]);
    const rowsOf = (first, ...others) => first.map((value, i) => [value, ...others.map((column) => column[i])]);
    const [cx, cy, footing, section, category] = data.claims;
    data.claims = rowsOf(sums(cx), sums(cy), words(footing), sums(section), words(category));
    const [sx, sy, state, interest, labels] = data.sources;
    data.sources = rowsOf(sums(sx), sums(sy), words(state), words(interest), labels);
    data.edges = rowsOf(sums(data.edges[0]), data.edges[1], words(data.edges[2]));
    return data;
  }

  /** Marks, lines and titles as Cytoscape wants them; of very many, lines are straight. */
  function elements(data, many) {
    const node = (id, classes, x, y, label) => ({ group: "nodes", data: { id, label }, classes, position: { x, y } });
    return [
      ...data.titles.map(([x, y, text, size], i) => node(`t${i}`, `title size-${size}`, x, y, text)),
      ...data.edges.map(([claim, source, kind], i) => ({
        group: "edges",
        data: { id: `e${i}`, source: `c${claim}`, target: `s${source}`, ...(many ? {} : bend(data, claim, source)) },
        classes: `e-${kind}`,
      })),
      ...data.claims.map(([x, y, footing], i) => node(`c${i}`, `claim f-${footing}`, x, y)),
      ...data.sources.map(([x, y, state, , label], i) => node(`s${i}`, `source s-${state}`, x, y, label)),
    ];
  }

  /** Where a line that leaves and arrives level bends, as Cytoscape wants it: along the straight line, and beside it. */
  function bend(data, claim, source) {
    const [x1, y1] = data.claims[claim];
    const [x2, y2] = data.sources[source];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length = Math.hypot(dx, dy) || 1;
    const weight = (0.35 * dx * dx) / (length * length);
    const beside = (0.35 * dx * dy) / length;
    return { weights: [weight, 1 - weight], beside: [-beside, beside] };
  }

  /** The style sheet of the graph, in the colours that the page has now. */
  function style(data, many) {
    const colour = (selector, property = "color") => {
      const found = document.querySelector(selector);
      return found ? getComputedStyle(found)[property] : "gray";
    };
    const ink = colour(".picture-box .picture-card");
    const paper = getComputedStyle(document.querySelector(".picture-box")).backgroundColor;
    const outlined = (points) =>
      points === "circle" || points === "ring" ? { shape: "ellipse" } : { shape: "polygon", "shape-polygon-points": points };
    const sheet = [
      { selector: "node", style: { "border-width": 0, "overlay-opacity": 0 } },
      {
        selector: ".title",
        style: {
          label: "data(label)", color: ink, "font-size": 12, "font-weight": 600, "text-halign": "right", "text-valign": "center",
          width: 1, height: 1, "background-opacity": 0, events: "no", "min-zoomed-font-size": many ? 6 : 4, "text-margin-x": 0,
        },
      },
      { selector: ".size-2", style: { "font-size": many ? 40 : 22 } },
      { selector: ".size-0", style: { "font-weight": 400, "font-style": "italic", "text-halign": "center" } },
      { selector: ".claim", style: { width: 16, height: 16 } },
      {
        selector: ".source",
        style: {
          width: 34, height: 18, "background-color": paper, "border-width": 2, label: "data(label)", color: ink,
          "font-size": 10.5, "text-valign": "center", "min-zoomed-font-size": 5,
        },
      },
      {
        selector: "edge",
        style: {
          width: 1.5, "overlay-opacity": 0, events: "no", opacity: many ? 0.5 : 0.8,
          ...(many
            ? { "curve-style": "haystack", "haystack-radius": 0 }
            : {
                "curve-style": "unbundled-bezier", "control-point-weights": "data(weights)",
                "control-point-distances": "data(beside)", "edge-distances": "node-position",
              }),
        },
      },
    ];
    for (const [footing, points] of Object.entries(data.shapes.footing)) {
      const fill = colour(`.sign .f-${footing}`);
      sheet.push({ selector: `.f-${footing}`, style: { ...outlined(points), "background-color": fill } });
      if (points === "ring") {
        sheet.push({
          selector: `.f-${footing}`,
          style: { "background-color": paper, "border-width": 2.5, "border-color": fill, width: 12, height: 12 },
        });
      }
    }
    for (const [state, points] of Object.entries(data.shapes.state)) {
      sheet.push({ selector: `.s-${state}`, style: { ...outlined(points), "border-color": colour(`.sign .s-${state}`) } });
    }
    const dashes = { "partly-supports": [7, 3], disputes: [3, 3], "does-not-address": [1, 5] };
    for (const kind of ["cites", "supports", "partly-supports", "disputes", "does-not-address"]) {
      const line = { "line-color": colour(`.sign .e-${kind}`), width: kind === "cites" ? 2.5 : 1.5 };
      if (dashes[kind]) Object.assign(line, { "line-style": "dashed", "line-dash-pattern": dashes[kind] });
      sheet.push({ selector: `.e-${kind}`, style: line });
    }
    sheet.push(
      { selector: "node.off", style: { opacity: 0.1, events: "no" } },
      { selector: "edge.off", style: { display: "none" } },
      { selector: "edge.near", style: { opacity: 1, width: 3.5, "z-index": 5 } },
      { selector: "node.near", style: { "outline-width": 2, "outline-color": ink, "outline-offset": 1.5, "outline-opacity": 1 } },
      { selector: "node.here", style: { "outline-width": 4, "outline-color": ink, "outline-offset": 2, "outline-opacity": 1 } },
    );
    return sheet;
  }

  window.kbPicture = { elements, rows, style };
})();
