// Short answers at the corner: Django's messages on a full page, the `toast` event after an htmx request.
import { icon, make, word } from "./shell.js";

const looks = {
  success: ["tone-green", "circle-check"],
  danger: ["tone-red", "alert-circle"],
  error: ["tone-red", "alert-circle"],
  warning: ["tone-amber", "alert-triangle"],
  info: ["tone-blue", "info-circle"],
};

export function toast(text, tone = "success") {
  const [look, sign] = looks[tone] || looks.info;
  const close = make("button", { type: "button", class: "btn-close", "aria-label": word("close") });
  const box = make("div", { class: `toast-box ${look}` }, icon(sign), make("p", {}, text), close);
  close.addEventListener("click", () => box.remove());
  const place = document.querySelector(".toasts");
  place.append(box);
  // An open dialog lies in the browser's top layer; the toasts must be lifted above it.
  if (place.showPopover) {
    if (place.matches(":popover-open")) place.hidePopover();
    place.showPopover();
  }
  if (look !== "tone-red") setTimeout(() => box.remove(), 6000);
}

export function startToasts() {
  document.querySelectorAll("[data-toast]").forEach((note) => {
    toast(note.textContent.trim(), note.dataset.toast);
    note.remove();
  });
  document.addEventListener("toast", ({ detail }) => toast(detail.text, detail.tone));
}
