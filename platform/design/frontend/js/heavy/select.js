// Long selects: type to find; with data-select-url the choices come from the server.
import TomSelect from "tom-select";
import { word } from "../shell.js";

export function dress(element) {
  if (element.tomselect) return;
  const url = element.dataset.selectUrl;
  const remote = url && {
    preload: "focus",
    shouldLoad: () => true,
    load(query, done) {
      const target = new URL(url, window.location.href);
      target.searchParams.set("q", query);
      fetch(target, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
        .then(done)
        .catch((reason) => { console.error(reason); done(); });
    },
  };
  const label = element.labels?.[0]?.textContent.trim() || element.getAttribute("aria-label");
  const box = new TomSelect(element, {
    maxOptions: 200,
    refreshThrottle: 0, // Enter right after typing means what was typed
    plugins: element.multiple ? ["remove_button"] : [],
    placeholder: element.dataset.placeholder || "",
    hidePlaceholder: true,
    render: { no_results: () => `<div class="no-results">${word("nothing")}</div>` },
    ...remote,
  });
  if (label) {
    element.setAttribute("aria-label", label);
    box.control_input.setAttribute("aria-label", label);
    box.dropdown_content.setAttribute("aria-label", label);
  }
}
