// Everything a page needs at once; charts, drawings and long selects come when a page has one.
import "@tabler/core/js/src/bootstrap/dropdown";
import "@tabler/core/js/src/bootstrap/collapse";
import Alpine from "@alpinejs/csp";
import "./htmx.js";
import { startShell } from "./shell.js";
import { startDialogs } from "./dialogs.js";
import { startToasts } from "./toasts.js";
import { startKeys } from "./keys.js";
import { startForms, dressForms } from "./forms.js";
import { startDates } from "./dates.js";
import { startLists, dressLists } from "./lists.js";
import { components } from "./components.js";

const heavy = [
  ["[data-chart]", () => import("./heavy/charts.js")],
  ["[data-flow]", () => import("./heavy/flow.js")],
  ["select[data-select]", () => import("./heavy/select.js")],
];

function dress(root) {
  dressForms(root);
  dressLists(root);
  for (const [selector, load] of heavy) {
    const found = root.querySelectorAll(selector);
    if (found.length) load().then((part) => found.forEach((element) => part.dress(element)));
  }
}

startShell();
startDialogs();
startToasts();
startKeys();
startForms();
startDates();
startLists();
dress(document);
document.addEventListener("htmx:after:swap", () => dress(document));
for (const [name, component] of Object.entries(components)) Alpine.data(name, component);
window.Alpine = Alpine;
Alpine.start();
