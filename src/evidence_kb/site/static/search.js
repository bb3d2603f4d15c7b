// Search over claims and sources, from disk too: the index is loaded as scripts, and only the pieces needed.
"use strict";

const evidenceKbSearch = (() => {
  const ENDINGS = ["innen", "ungen", "ings", "enden", "ern", "end", "ung", "ing", "em", "en", "er", "es", "ed", "ly", "e", "n", "s"];
  const waiting = new Map();
  const form = document.querySelector("form[data-search]");
  const list = document.querySelector("[data-search-results]");
  const status = document.querySelector("[data-search-count]");
  const input = form.elements.q;
  const base = form.dataset.search;
  let start = null;
  let turn = 0;

  const load = (name) => {
    if (!waiting.has(name)) {
      let done;
      const promise = new Promise((resolve) => (done = resolve));
      waiting.set(name, { promise, done });
      const script = document.createElement("script");
      script.src = `${base}assets/search-${name}.js`;
      document.head.append(script);
    }
    return waiting.get(name).promise;
  };

  // The same folding as the index's: case, accents, and ae for ä are gone.
  const fold = (text) =>
    text
      .toLocaleLowerCase("de")
      .replaceAll("ß", "ss")
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/(?<![aeq])([aou])e/g, "$1");
  const words = (text) => (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(fold).filter(Boolean);

  // A word stands for all stems that begin with it, and for its own stem: itself without an ending.
  const matches = async (word) => {
    const stems = new Set([word]);
    for (const ending of ENDINGS) {
      if (word.endsWith(ending) && word.length - ending.length >= 3) stems.add(word.slice(0, -ending.length));
    }
    if (word.endsWith("y")) stems.add(`${word.slice(0, -1)}i`);
    if (word.endsWith("ies")) stems.add(`${word.slice(0, -3)}i`);
    const found = new Map();
    for (const stem of stems) {
      for (const piece of await piecesOf(stem)) {
        for (const known of Object.keys(piece)) {
          const whole = known === stem;
          if (!whole && !(stem === word && known.startsWith(word))) continue;
          for (const entry of piece[known]) {
            const score = (whole ? 2 : 1) + (entry % 2 ? 2 : 0); // odd: a word of the statement or title itself
            const number = Math.floor(entry / 2);
            found.set(number, Math.max(found.get(number) ?? 0, score));
          }
        }
      }
    }
    return found;
  };

  const piecesOf = async (stem) => {
    const { starts } = start;
    const wanted = [];
    starts.forEach((first, index) => {
      const next = starts[index + 1];
      const begins = first <= stem || first.startsWith(stem);
      if (begins && (next === undefined || next >= stem)) wanted.push(`words-${index}`);
    });
    return Promise.all(wanted.map(load));
  };

  const search = async () => {
    const mine = ++turn;
    const asked = words(input.value);
    const kind = form.elements.kind.value;
    if (!asked.length) {
      list.replaceChildren();
      status.textContent = "";
      return;
    }
    start ??= await load("start");
    const each = await Promise.all(asked.map(matches));
    const scores = new Map();
    for (const found of each) for (const [number, score] of found) scores.set(number, (scores.get(number) ?? 0) + score);
    const wanted = [...scores.keys()].filter((number) => !kind || (number < start.claims) === (kind === "claim"));
    const whole = wanted.filter((number) => each.every((found) => found.has(number)));
    const ranked = (whole.length ? whole : wanted).sort((a, b) => scores.get(b) - scores.get(a) || a - b);
    const total = ranked.length;
    const shown = await Promise.all(
      ranked.slice(0, 60).map(async (number) => {
        const piece = await load(`${form.dataset.language}-${Math.floor(number / start.size)}`);
        return piece[number % start.size];
      }),
    );
    if (mine !== turn) return;
    const { none, one, many, first } = status.dataset;
    const say = total === 0 ? none : total === 1 ? one : total > shown.length ? first : many;
    status.textContent = say.replace("{n}", total).replace("{shown}", shown.length);
    list.replaceChildren(...shown.map(show));
  };

  const show = ([path, kind, word, title, about]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = base + path;
    link.textContent = title;
    link.dir = "auto";
    const chip = document.querySelector(`[data-chip="${kind} ${CSS.escape(word)}"]`);
    const meta = document.createElement("span");
    meta.className = "meta";
    meta.dir = "auto";
    meta.textContent = about;
    item.append(...(chip ? [...chip.childNodes].map((node) => node.cloneNode(true)) : []), link, meta);
    return item;
  };

  form.hidden = false;
  const asked = new URLSearchParams(location.search);
  if (asked.has("q")) input.value = asked.get("q");
  input.focus();
  let timer;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const address = new URL(location.href);
      address.search = input.value ? `?q=${encodeURIComponent(input.value)}` : "";
      try {
        history.replaceState(null, "", address);
      } catch {
        // browsers may not let pages from disk do so
      }
      search();
    }, 120);
  };
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  queueMicrotask(search);

  return { take: (name, data) => waiting.get(name)?.done(data) };
})();
