// Confirmations, and drawers or modals whose inside comes by htmx. Native <dialog>: focus trap and Escape come with it.
import { word } from "./shell.js";

let answer = null;

export function ask({ text, title, tone, label }) {
  const box = document.getElementById("confirm");
  box.querySelector("[data-title]").textContent = title || word("confirm");
  box.querySelector("[data-text]").textContent = text;
  const yes = box.querySelector("[data-yes]");
  yes.textContent = label || word("go");
  yes.className = `btn ${tone === "danger" ? "btn-danger" : "btn-primary"}`;
  box.returnValue = "";
  box.showModal();
  return new Promise((resolve) => { answer = resolve; });
}

const wishes = (element, text) => ({
  text, title: element.dataset.title, tone: element.dataset.tone, label: element.dataset.label,
});

function startConfirm() {
  const box = document.getElementById("confirm");
  if (!box) return;
  box.addEventListener("close", () => { answer?.(box.returnValue === "yes"); answer = null; });
  document.addEventListener("htmx:confirm", (event) => {
    event.preventDefault();
    const { ctx, issueRequest, dropRequest } = event.detail;
    ask(wishes(ctx.sourceElement, ctx.confirm)).then((yes) => (yes ? issueRequest() : dropRequest()));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (!source.dataset.confirm || form.dataset.sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(wishes(source, source.dataset.confirm)).then((yes) => {
      if (!yes) return;
      form.dataset.sure = "1";
      form.requestSubmit(submitter);
      delete form.dataset.sure;
    });
  }, true);
}

export function startDialogs() {
  startConfirm();
  const box = document.getElementById("dialog");
  if (!box) return;
  const inside = document.getElementById("dialog-body");
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target !== inside || !inside.childElementCount) return;
    const kind = ctx.sourceElement.dataset?.dialog;
    if (kind) box.classList.toggle("drawer", kind === "drawer");
    if (!box.open) box.showModal();
    // One after the other: a list of selectors would find whichever stands first in the form.
    ["[aria-invalid=true]", "[autofocus]", "input:not([type=hidden]), select, textarea"].map((one) => inside.querySelector(one)).find(Boolean)?.focus();
  });
  box.addEventListener("close", () => inside.replaceChildren());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") || event.target === box) event.target.closest("dialog")?.close();
  });
  document.addEventListener("dialog-close", () => box.close());
}
