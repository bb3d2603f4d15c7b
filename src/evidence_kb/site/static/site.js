// What makes pages handier and is not needed to read them: theme, filters, sorting, copying.
"use strict";

(() => {
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // -- light and dark
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  for (const button of all("[data-theme-toggle]")) {
    const label = button.querySelector(".sr");
    const show = () => {
      label.textContent = isDark() ? button.dataset.toLight : button.dataset.toDark;
      button.title = label.textContent;
    };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("evidence-kb-theme", root.dataset.theme);
      } catch {
        // not kept, then
      }
      show();
      document.dispatchEvent(new CustomEvent("evidence-kb-theme"));
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    show();
    button.hidden = false;
  }

  // -- the other language: the same place of the same page
  for (const link of all("a[data-keep-place]")) {
    const address = link.getAttribute("href");
    link.addEventListener("click", () => {
      link.setAttribute("href", address + location.search + location.hash);
    });
  }

  // -- copying
  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        return;
      }
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1500);
    });
  }

  // -- filters: the form's fields against the rows' data attributes
  for (const form of all("form[data-filters]")) {
    const table = document.getElementById(form.dataset.filters);
    const rows = all("tbody tr", table);
    const fields = all("[data-filter]", form);
    const count = form.querySelector("output");
    for (const field of fields.filter((f) => f.tagName === "SELECT")) {
      const words = new Set(rows.map((row) => row.dataset[field.dataset.filter]).filter(Boolean));
      for (const word of [...words].sort((a, b) => a.localeCompare(b, root.lang))) field.add(new Option(word, word));
      field.closest("label").hidden = words.size < 2;
    }
    const texts = rows.map((row) => row.textContent.toLocaleLowerCase(root.lang));
    const apply = () => {
      let shown = 0;
      rows.forEach((row, index) => {
        row.hidden = !fields.every((field) => {
          if (!field.value) return true;
          if (field.dataset.filter === "text") {
            return texts[index].includes(field.value.trim().toLocaleLowerCase(root.lang));
          }
          return row.dataset[field.dataset.filter] === field.value;
        });
        shown += row.hidden ? 0 : 1;
      });
      count.textContent = count.dataset.count.replace("{shown}", shown).replace("{all}", rows.length);
    };
    const asked = new URLSearchParams(location.search);
    for (const field of fields) if (asked.has(field.dataset.filter)) field.value = asked.get(field.dataset.filter);
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  }

  // -- sorting
  for (const table of all("table[data-sortable]")) {
    const body = table.tBodies[0];
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of all("th", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
        const compare = new Intl.Collator(root.lang, { numeric: true }).compare;
        const rows = [...body.rows].map((row) => [value(row), row]);
        rows.sort(([a], [b]) => (a && b ? compare(a, b) * (up ? 1 : -1) : (a === "") - (b === "")));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }

  // -- a text and the claims beside it point at each other
  for (const text of all("[data-marked]")) {
    const light = (name, on) => {
      for (const mark of all("mark[data-claims]", text)) {
        if (mark.dataset.claims.split(" ").includes(name)) mark.classList.toggle("lit", on);
      }
    };
    for (const card of all(".card", text)) {
      for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
        card.addEventListener(event, () => light(card.id, on));
      }
    }
    for (const mark of all("mark[data-claims]", text)) {
      const cards = mark.dataset.claims.split(" ").map((name) => document.getElementById(name)).filter(Boolean);
      mark.addEventListener("mouseenter", () => cards.forEach((card) => card.classList.add("lit")));
      mark.addEventListener("mouseleave", () => cards.forEach((card) => card.classList.remove("lit")));
    }
  }

  // -- a long list of rules stays shut on paper unless it is opened
  addEventListener("beforeprint", () => all("details").forEach((part) => (part.open = true)));
})();
