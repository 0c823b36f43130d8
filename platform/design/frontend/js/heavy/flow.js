// Where a case stands in its drawing: done, now and failed nodes marked; the bpmn.io mark stays uncovered (its licence).
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { make, word } from "../shell.js";

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
  canvas.zoom("fit-viewport", "auto");
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
