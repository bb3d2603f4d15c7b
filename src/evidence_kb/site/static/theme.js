// Runs before the page is shown, so that a chosen theme does not flash.
"use strict";
try {
  const chosen = localStorage.getItem("evidence-kb-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // storage may be switched off; the system's theme holds
}
