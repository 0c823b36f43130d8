// One calendar in every browser: native date inputs follow the browser's language, not the page's (ui.md 1.1).
// The field stays a text field that takes 2026-11-22, 2026/11/22 and 20261122.
import { icon, make, meta, word } from "./shell.js";

const pad = (number) => String(number).padStart(2, "0");
const text = (date) => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
let open = null;

export function parse(value) {
  const match = /^\s*(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?\s*$/.exec(value);
  if (!match) return null;
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return date.getMonth() === Number(match[2]) - 1 ? date : null;
}

function close(refocus) {
  if (!open) return;
  open.box.remove();
  open.button.setAttribute("aria-expanded", "false");
  if (refocus) open.input.focus();
  open = null;
}

function choose(date) {
  const { input } = open;
  input.value = date ? text(date) : "";
  close(true);
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}

function days(month, chosen) {
  const rows = [];
  const day = new Date(month.getFullYear(), month.getMonth(), 1);
  day.setDate(1 - ((day.getDay() + 6) % 7));
  do {
    const row = make("tr");
    for (let column = 0; column < 7; column += 1) {
      const here = new Date(day);
      const inside = here.getMonth() === month.getMonth();
      const button = make("button", {
        type: "button", class: inside ? "" : "muted", tabindex: text(here) === text(open.at) ? "0" : "-1", "data-day": text(here),
        "aria-pressed": chosen && text(chosen) === text(here) ? "true" : "false",
        "aria-current": text(here) === text(new Date()) ? "date" : null,
      }, String(here.getDate()));
      row.append(make("td", {}, button));
      day.setDate(day.getDate() + 1);
    }
    rows.push(row);
  } while (day.getMonth() === month.getMonth());
  return rows;
}

function draw() {
  const { at, box, input } = open;
  const language = meta("language") || "zh-CN";
  const names = Array.from({ length: 7 }, (_, index) => new Date(2024, 0, 1 + index).toLocaleDateString(language, { weekday: "narrow" }));
  const step = (name, months, label) => {
    const button = make("button", { type: "button", "aria-label": label, "data-step": months }, icon(name));
    return button;
  };
  const today = make("button", { type: "button", class: "btn btn-sm", "data-day": text(new Date()) }, word("today"));
  const clear = make("button", { type: "button", class: "btn btn-sm", "data-clear": true }, word("clear"));
  box.replaceChildren(
    make("div", { class: "calendar-head" }, step("chevrons-left", -12, word("previousYear")), step("chevron-left", -1, word("previousMonth")),
      make("b", { "aria-live": "polite" }, at.toLocaleDateString(language, { year: "numeric", month: "long" })),
      step("chevron-right", 1, word("nextMonth")), step("chevrons-right", 12, word("nextYear"))),
    make("table", {}, make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)))), make("tbody", {}, ...days(at, parse(input.value)))),
    make("div", { class: "calendar-foot" }, today, clear));
}

function show(button) {
  const input = button.parentElement.querySelector("input");
  const again = open?.input === input;
  close();
  if (again) return;
  const box = make("div", { class: "calendar", role: "dialog", "aria-label": word("calendar") });
  open = { input, button, box, at: parse(input.value) || new Date() };
  button.setAttribute("aria-expanded", "true");
  button.parentElement.append(box);
  draw();
  const place = button.parentElement.getBoundingClientRect();
  if (window.innerHeight - place.bottom < box.offsetHeight + 60 && place.top > box.offsetHeight) box.style.bottom = "100%";
  if (place.left + box.offsetWidth > window.innerWidth) box.style.right = "0";
  box.querySelector("[tabindex='0']")?.focus();
}

const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function press(event) {
  if (!open?.box.contains(event.target)) return;
  if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(true); }
  else if (event.target.dataset.day && steps[event.key]) {
    event.preventDefault();
    open.at.setDate(open.at.getDate() + steps[event.key]);
    draw();
    open.box.querySelector("[tabindex='0']")?.focus();
  }
}

export function startDates() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".date-open");
    if (button) { show(button); return; }
    if (!open) return;
    if (!target.isConnected || !open.box.contains(target)) { if (target.isConnected) close(); return; }
    const day = target.closest("[data-day]");
    const step = target.closest("[data-step]");
    if (day) choose(parse(day.dataset.day));
    else if (target.closest("[data-clear]")) choose(null);
    else if (step) {
      open.at = new Date(open.at.getFullYear(), open.at.getMonth() + Number(step.dataset.step), 1);
      draw();
      open.box.querySelector(`[data-step="${step.dataset.step}"]`).focus();
    }
  });
  document.addEventListener("keydown", press, true);
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".date-box input")) return;
    const date = parse(target.value);
    if (date) target.value = text(date);
  });
}
