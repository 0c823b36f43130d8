// Charts from a small JSON of ours (design.answers.chart), so that every page draws them alike. ECharts, only what is used.
import * as echarts from "echarts/core";
import { BarChart, LineChart, MapChart, PieChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import langZH from "echarts/i18n/langZH-obj.js";
import langEN from "echarts/i18n/langEN-obj.js";
import { meta, word } from "../shell.js";

echarts.use([BarChart, LineChart, MapChart, PieChart, AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);
echarts.registerLocale("ZH", langZH);
echarts.registerLocale("EN", langEN);

const colours = ["#1450b0", "#e08a0b", "#0b8f84", "#8a2ba3", "#5b8def", "#b5432b", "#58720f", "#64748b"];
const ink = "#55637a";
const figure = (value) => (value == null ? "-" : Number(value).toLocaleString("en-US", { maximumFractionDigits: 2 }));
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const base = (place, data) => ({
  color: colours,
  animation: !still,
  animationDuration: 350,
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
  aria: { enabled: true, label: { description: `${place.getAttribute("aria-label") || ""} ${data.summary || ""}`.trim() || undefined } },
  // richText: an HTML tooltip carries style attributes, which the CSP refuses.
  tooltip: { renderMode: "richText", trigger: "axis", confine: true, axisPointer: { type: "shadow" }, valueFormatter: figure },
});

function value(data, more = {}) {
  return { type: "value", name: data || "", nameTextStyle: { color: ink, align: "left" }, axisLabel: { color: ink, formatter: figure }, splitLine: { lineStyle: { color: "#e9edf3" } }, ...more };
}

function named(categories, more = {}) {
  return { type: "category", data: categories, axisTick: { show: false }, axisLine: { lineStyle: { color: "#c9d2df" } }, axisLabel: { color: ink, hideOverlap: true }, ...more };
}

function axes(place, data) {
  const second = data.series.find((series) => series.axis === 1);
  const many = data.series.length > 1;
  return {
    ...base(place, data),
    legend: many ? { top: 0, left: "center", itemWidth: 14, itemHeight: 9, textStyle: { color: ink } } : undefined,
    grid: { left: 4, right: 4, top: many || data.unit ? 36 : 14, bottom: 2, containLabel: true },
    xAxis: named(data.categories),
    yAxis: [value(data.unit), ...(second ? [value(second.unit, { splitLine: { show: false }, nameTextStyle: { align: "right", color: ink } })] : [])],
    series: data.series.map((series) => {
      const kind = series.kind || (data.kind === "line" ? "line" : "bar");
      return {
        name: series.name, type: kind, yAxisIndex: series.axis || 0, data: series.data,
        stack: data.kind === "stack" ? "all" : undefined, barMaxWidth: 26, symbolSize: 6, smooth: false, lineStyle: { width: 2 },
        itemStyle: kind === "bar" && data.kind !== "stack" ? { borderRadius: [3, 3, 0, 0] } : undefined,
      };
    }),
  };
}

function rank(place, data) {
  return {
    ...base(place, data),
    grid: { left: 4, right: 58, top: 4, bottom: 2, containLabel: true },
    xAxis: value("", { max: "dataMax", axisLabel: { show: false }, splitLine: { show: false } }),
    yAxis: named(data.categories, { inverse: true, axisLine: { show: false }, axisLabel: { color: ink, width: 110, overflow: "truncate" } }),
    series: data.series.map((series) => ({
      name: series.name, type: "bar", data: series.data, barMaxWidth: 14, itemStyle: { borderRadius: 3 }, showBackground: true, backgroundStyle: { color: "#eef1f5", borderRadius: 3 },
      label: { show: true, position: "right", color: "#1f2a3a", formatter: (row) => figure(row.value) },
    })),
  };
}

const slices = (data) => data.categories.map((name, index) => {
  const datum = data.series[0].data[index];
  return typeof datum === "object" && datum !== null ? { name, ...datum } : { name, value: datum };
});

function pie(place, data) {
  const wide = place.clientWidth > 420;
  const parts = slices(data);
  const total = parts.reduce((sum, part) => sum + Number(part.value || 0), 0);
  const share = (name) => {
    const part = parts.find((one) => one.name === name);
    return `${name}  ${total ? ((Number(part.value) / total) * 100).toFixed(1) : "0"}%`;
  };
  return {
    ...base(place, data),
    tooltip: { renderMode: "richText", trigger: "item", confine: true, formatter: (row) => `${row.name}\n${figure(row.value)} ${data.unit || ""} (${row.percent}%)` },
    legend: wide
      ? { type: "scroll", orient: "vertical", right: 0, top: "middle", itemWidth: 10, itemHeight: 10, textStyle: { color: ink }, formatter: share }
      : { type: parts.length > 6 ? "scroll" : "plain", bottom: 0, itemWidth: 10, itemHeight: 10, textStyle: { color: ink } },
    series: [{ name: data.series[0].name, type: "pie", radius: ["48%", "74%"], center: wide ? ["30%", "50%"] : ["50%", "44%"], label: { show: false }, itemStyle: { borderColor: "#fff", borderWidth: 2 }, data: parts }],
  };
}

let china;
async function map(place, data) {
  china ||= fetch(meta("map")).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then((json) => echarts.registerMap("china", json));
  await china;
  const parts = slices(data);
  return {
    ...base(place, data),
    tooltip: { renderMode: "richText", trigger: "item", confine: true, formatter: (row) => `${row.name}\n${figure(Number.isNaN(row.value) ? null : row.value)} ${data.unit || ""}` },
    visualMap: { min: 0, max: Math.max(1, ...parts.map((part) => Number(part.value || 0))), left: 0, bottom: 0, itemHeight: 80, itemWidth: 12, text: [data.unit || "", ""], textStyle: { color: ink }, inRange: { color: ["#e4edfb", "#7ba6e6", "#1450b0"] } },
    series: [{ name: data.series[0].name, type: "map", map: "china", roam: false, selectedMode: false, data: parts, label: { show: false }, itemStyle: { areaColor: "#f2f5f9", borderColor: "#b9c4d4" }, emphasis: { label: { show: true }, itemStyle: { areaColor: "#f3c98b" } } }],
  };
}

const kinds = { rank, pie, map };

async function draw(place) {
  const answer = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const data = await answer.json();
  if (!data.series?.some((series) => series.data?.length)) { place.dataset.failed = word("nothing"); return null; }
  const option = await (kinds[data.kind] || axes)(place, data);
  const chart = echarts.init(place, null, { renderer: "svg", locale: meta("language").startsWith("en") ? "EN" : "ZH" });
  chart.setOption(option);
  chart.on("click", ({ data: datum }) => { if (datum?.url) window.location.assign(datum.url); });
  if (data.series.some((series) => series.data.some((datum) => datum?.url))) place.classList.add("clickable");
  place.dataset.ready = "1";
  return chart;
}

export function dress(place) {
  if (place.dataset.watched) return;
  place.dataset.watched = "1";
  let chart = null;
  let started = false;
  // ECharts 6.1.0 throws for a map in a 0×0 box: create and resize only when the box has a size (ui.md 7).
  new ResizeObserver(() => {
    if (!place.clientWidth || !place.clientHeight) return;
    if (chart) chart.resize();
    else if (!started) {
      started = true;
      draw(place).then((made) => { chart = made; }).catch((reason) => { console.error(reason); place.dataset.failed = word("failed"); });
    }
  }).observe(place);
}
