// Where a case stands in its drawing: done, now and failed nodes marked; the bpmn.io mark stays uncovered (its licence).
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { make, word } from "../shell.js";

// As high as the drawing needs; never so small that a phone cannot read it: then the present step is brought into view.
function fit(place, canvas, present) {
  const { inner } = canvas.viewbox();
  const wide = place.clientWidth;
  place.style.height = `${Math.round(Math.min(Math.max((wide * inner.height) / inner.width + 96, 200), 520))}px`;
  canvas.resized();
  const whole = canvas.zoom("fit-viewport", "auto") * 0.94;
  canvas.zoom(Math.max(whole, 0.55), "auto");
  if (whole < 0.55 && present) canvas.scrollToElement(present.id, { left: wide / 2 - 40, right: wide / 2 - 40, top: 40, bottom: 60 });
}

async function draw(place) {
  place.dataset.drawn = "1";
  const answer = await fetch(place.dataset.flow, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const { xml, done = [], now = [], failed = [] } = await answer.json();
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(xml);
  const canvas = viewer.get("canvas");
  const known = viewer.get("elementRegistry");
  const mark = (ids, name) => ids.filter((id) => known.get(id)).forEach((id) => canvas.addMarker(id, name));
  mark(done, "done");
  mark(failed, "failed");
  mark(now.map((node) => node.id), "now");
  for (const { id, label } of now) {
    if (label && known.get(id)) viewer.get("overlays").add(id, { position: { bottom: 6, left: 8 }, html: make("div", { class: "flow-note" }, label) });
  }
  fit(place, canvas, now.find((node) => known.get(node.id)));
}

export function dress(place) {
  if (place.dataset.drawn) return;
  // A box without a size cannot be fitted into; wait until its tab is shown.
  const watch = new ResizeObserver(() => {
    if (!place.clientWidth || !place.clientHeight || place.dataset.drawn) return;
    watch.disconnect();
    draw(place).catch((reason) => { console.error(reason); place.textContent = word("failed"); });
  });
  watch.observe(place);
}
