// htmx 4: the CSRF header on every request, errors as toasts, the log-in page never inside a list.
import htmx from "htmx.org";
import { meta, word } from "./shell.js";
import { toast } from "./toasts.js";

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  ctx.request.headers["X-CSRFToken"] = meta("csrf");
  if (ctx.sourceElement.id !== "filter") return;
  // A short address: only what filters.
  const { body } = ctx.request;
  for (const [name, value] of [...body.entries()]) if (value === "") body.delete(name);
});

document.addEventListener("htmx:before:response", (event) => {
  const { raw, status } = event.detail.ctx.response;
  const login = meta("login");
  if (raw.redirected && login && new URL(raw.url).pathname === login) {
    event.preventDefault();
    window.location.reload();
    return;
  }
  // 422 is a form with its errors and belongs on the page; any other refusal is a sentence (htmx 4 would swap it in).
  if (status >= 400 && status !== 422) {
    event.preventDefault();
    toast(word(status === 403 ? "refused" : status === 404 ? "missing" : "failed"), "danger");
  }
});

// htmx carries the style attribute of an element with an id over to its successor; the CSP refuses that, so it may not have one.
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (!ctx.target || !/^(inner|outer|$)/.test(ctx.swap || "")) return;
  ctx.target.querySelectorAll("[id][style]").forEach((element) => element.removeAttribute("style"));
});

document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.error?.name === "TypeError" && !detail.ctx?.response) toast(word("offline"), "danger");
  else console.error(detail.error);
});

export default htmx;
