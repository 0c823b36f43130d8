// Lists: ticked rows and their bar, a row that opens where one clicks beside its link, paging by htmx keeps the top in view.
import { word } from "./shell.js";

function count(scope) {
  const bar = scope.querySelector("[data-bulk]");
  const all = [...scope.querySelectorAll("tbody .tick input")];
  const ticked = all.filter((box) => box.checked);
  if (bar) {
    bar.hidden = !ticked.length;
    bar.querySelector("[data-count]").textContent = word("ticked").replace("%s", ticked.length);
  }
  const head = scope.querySelector("thead .tick input");
  if (head) {
    head.checked = all.length > 0 && ticked.length === all.length;
    head.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
}

export function dressLists(root) {
  root.querySelectorAll("[data-list]").forEach(count);
}

export function startLists() {
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".tick input")) return;
    const scope = target.closest("[data-list]");
    if (!scope) return;
    if (target.closest("thead")) scope.querySelectorAll("tbody .tick input").forEach((box) => { box.checked = target.checked; });
    count(scope);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest(".list tbody tr");
    if (!row || event.target.closest("a, button, input, label, select, form") || window.getSelection().toString()) return;
    const link = row.querySelector("a[data-row]");
    if (link) link.click();
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target?.id === "list" && ctx.target.getBoundingClientRect().top < 0) ctx.target.scrollIntoView();
  });
}
