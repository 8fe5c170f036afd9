/* Builds the page: everything in src becomes one script and one style inside page.html, packaged with the Python code. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "vite";

const here = new URL(".", import.meta.url);
const read = (name) => readFileSync(new URL(name, here), "utf8");
const hash = (text, encoding) => createHash("sha256").update(text).digest(encoding);

/* Name, zero byte, content, zero byte of each, in the order of their names; a test compares it with the sources. */
function sources() {
  const names = ["build.js", "package-lock.json", "package.json", "page.html", ...walk("src")].sort();
  return hash(names.map((name) => `${name}\0${read(name)}\0`).join(""), "hex");
}

function walk(folder) {
  return readdirSync(new URL(folder, here), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here.pathname, join(entry.parentPath, entry.name)));
}

const [{ output }] = await build({
  root: here.pathname,
  configFile: false,
  logLevel: "warn",
  build: {
    write: false,
    target: "es2022",
    lib: { entry: "src/main.js", formats: ["iife"], name: "onpuReport", cssFileName: "report" },
  },
});
const script = output.find((part) => part.type === "chunk").code.trim().replaceAll("</script", "<\\/script");
const style = output.find((part) => part.fileName.endsWith(".css")).source.trim();
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hash(script, "base64")}'`,
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const licence = `wavesurfer.js, part of the script below:\n\n${read("node_modules/wavesurfer.js/LICENSE").trim()}`;
const parts = { policy, sources: sources(), style, licence, script };
const page = read("page.html").replace(/@(\w+)@/g, (_, name) => parts[name]);
writeFileSync(new URL("../src/onpu/formats/report/page.html", here), page);
