// The frame: words and icons for the other modules, the phone's menu, the service worker.
const said = JSON.parse(document.body.dataset.words || "{}");
const meta = (name) => document.querySelector(`meta[name="look-${name}"]`)?.content || "";

export const word = (key) => said[key] || key;
export { meta };

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${meta("sprite")}#${name}`);
  svg.append(use);
  return svg;
}

function menu(open) {
  document.body.classList.toggle("menu-open", open);
  document.querySelectorAll("[data-menu]").forEach((button) => button.setAttribute("aria-expanded", open));
  if (open) document.querySelector(".side-link")?.focus();
}

export function startShell() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-menu]")) menu(!document.body.classList.contains("menu-open"));
    else if (event.target.closest(".shade")) menu(false);
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-back]")) window.history.back();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("menu-open")) menu(false);
  });
  // A part of the menu that the person opened stays open on the next page.
  document.querySelectorAll("details[data-side]").forEach((part) => {
    const key = `side:${part.dataset.side}`;
    if (sessionStorage.getItem(key)) part.open = true;
    part.addEventListener("toggle", () => (part.open ? sessionStorage.setItem(key, "1") : sessionStorage.removeItem(key)));
  });
  // What is wider than a phone begins where the person stands.
  document.querySelectorAll(".steps-bar, .tabs").forEach((bar) => {
    const now = bar.querySelector(".now, [aria-current]") || bar.querySelector(".failed");
    if (!now) return;
    const [at, box] = [now.getBoundingClientRect(), bar.getBoundingClientRect()];
    bar.scrollLeft += at.left - box.left - (box.width - at.width) / 2;
  });
  const worker = meta("worker");
  if (worker && "serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register(worker).catch((reason) => console.warn("offline page is not available:", reason));
  }
}
