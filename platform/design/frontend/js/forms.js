// Forms: leave-without-saving guard, the first error in view, amounts in words, files chosen or dropped, no double submit.
import { make, word } from "./shell.js";

const dirty = new Set();
const digits = "零壹贰叁肆伍陆柒捌玖";
const small = ["", "拾", "佰", "仟"];
const big = ["", "万", "亿", "万亿"];

// Only a hint while typing; the server's kernel.money.capitals writes documents.
export function capitals(text) {
  const match = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(",", ""));
  if (!match) return "";
  const whole = match[1].replace(/^0+(?=\d)/, "");
  let words = "";
  let gap = false;
  [...whole].forEach((digit, index) => {
    const place = whole.length - 1 - index;
    if (digit === "0") gap = true;
    else {
      if (gap && words) words += "零";
      gap = false;
      words += digits[digit] + small[place % 4];
    }
    if (place && place % 4 === 0 && Number(whole.slice(Math.max(0, index - 3), index + 1))) words += big[place / 4];
  });
  const [jiao, fen] = (match[2] || "").padEnd(2, "0");
  if (words) words += "元";
  if (jiao !== "0") words += digits[jiao] + "角";
  else if (fen !== "0" && words) words += "零";
  return fen !== "0" ? `${words}${digits[fen]}分` : words ? `${words}整` : "零元整";
}

function showWords(input) {
  const place = document.getElementById(`${input.id}_words`);
  if (place) place.textContent = input.value ? capitals(input.value.trim()) : "";
}

function groupThousands(input) {
  const match = /^(-?)(\d+)(\.\d{1,2})?$/.exec(input.value.replaceAll(",", "").trim());
  if (match) input.value = match[1] + match[2].replace(/\B(?=(\d{3})+$)/g, ",") + (match[3] || "");
}

function showFiles(input) {
  const list = input.closest(".upload").parentElement.querySelector(".upload-files");
  list.replaceChildren(...[...input.files].map((file) =>
    make("li", {}, make("span", {}, file.name), make("span", { class: "number" }, `${Math.max(1, Math.round(file.size / 1024)).toLocaleString()} KB`))));
}

export function dressForms(root) {
  root.querySelectorAll("[data-amount]").forEach(showWords);
  const wrong = root.querySelector("form [aria-invalid=true]");
  // Once: whatever is polled or swapped later leaves the person where he types.
  if (!wrong || wrong.dataset.seen || wrong.closest("dialog")) return;
  wrong.dataset.seen = "1";
  wrong.scrollIntoView({ block: "center" });
  wrong.focus({ preventScroll: true });
}

export function startForms() {
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-amount]")) showWords(target);
    const guarded = target.closest("form[data-guard]");
    if (guarded) dirty.add(guarded);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-amount]")) groupThousands(target);
    if (target.matches(".upload input")) showFiles(target);
    if (target.matches("[data-submit]")) target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    dirty.clear();
    const button = event.submitter;
    if (!button || event.target.method === "dialog" || event.target.matches("[hx-post], [hx-get]")) return;
    // After the browser has read the form, so that the button's own value still travels.
    setTimeout(() => { button.disabled = !event.defaultPrevented; }, 0);
    // A form may answer with a file and leave the page as it is.
    setTimeout(() => { button.disabled = false; }, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form button[disabled]:not([data-off])").forEach((button) => { button.disabled = false; }));
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) { event.preventDefault(); event.returnValue = word("unsaved"); }
  });
  for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(kind, ({ target }) => target.closest?.(".upload")?.classList.toggle("over", over));
  }
}
