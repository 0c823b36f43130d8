// The keyboard: / search, g + letter goes, j k walk a list, Enter opens, Ctrl+Enter submits, Ctrl+K commands, 1-9 choose, ? help.
import { make } from "./shell.js";

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], .ts-wrapper");
let waiting = 0;

function walk(step) {
  const rows = [...document.querySelectorAll(".list tbody tr, .items > li")].filter((row) => row.querySelector("a"));
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("at"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  rows[at]?.classList.remove("at");
  next.classList.add("at");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a").focus({ preventScroll: true });
}

function go(key) {
  const link = document.querySelector(`.side-link[data-key="${CSS.escape(key)}"]`);
  if (link) window.location.assign(link.href);
}

function openPalette() {
  const box = document.getElementById("palette");
  if (!box || box.open) return;
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  const links = [...document.querySelectorAll(".side-link, .menu-link, .head-acts a[href]")];
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    const found = links.filter((link) => link.textContent.toLowerCase().includes(wanted)).slice(0, 12);
    list.replaceChildren(...found.map((link, number) => {
      const copy = make("a", { href: link.href, class: number ? "" : "on" });
      copy.append(...[link.querySelector("svg")?.cloneNode(true)].filter(Boolean), link.querySelector("span")?.textContent || link.textContent.trim());
      return make("li", {}, copy);
    }));
  };
  input.value = "";
  input.oninput = show;
  input.onkeydown = (event) => {
    const all = [...list.querySelectorAll("a")];
    const at = all.findIndex((link) => link.classList.contains("on"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      all[at]?.classList.remove("on");
      all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.classList.add("on");
    } else if (event.key === "Enter") {
      event.preventDefault();
      const search = document.querySelector(".bar-search");
      if (all[at]) all[at].click();
      else if (search && input.value) { search.querySelector("input").value = input.value; search.requestSubmit(); }
    }
  };
  show();
  box.showModal();
}

function press(event) {
  const key = event.key;
  if ((event.ctrlKey || event.metaKey) && key === "Enter") {
    event.target.closest("form")?.requestSubmit();
  } else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || document.querySelector("dialog[open]")) {
    return;
  } else if (Date.now() - waiting < 1200) {
    waiting = 0;
    go(key);
  } else if (key === "g") {
    waiting = Date.now();
  } else if (key === "/") {
    event.preventDefault();
    (document.querySelector("#filter [name=q]") || document.querySelector(".bar-search input"))?.focus();
  } else if (key === "j" || key === "k") {
    walk(key === "j" ? 1 : -1);
  } else if (/^[1-9]$/.test(key)) {
    document.querySelector(`[data-press="${key}"]`)?.click();
  } else if (key === "?") {
    document.getElementById("keys")?.showModal();
  }
}

export function startKeys() {
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) openPalette();
    if (event.target.closest("[data-keys]")) document.getElementById("keys")?.showModal();
  });
}
