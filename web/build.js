/* Builds the pages of the report and of the workbench: everything in src that one needs becomes one script and one style
   inside it, packaged with the Python code. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "vite";

const here = new URL(".", import.meta.url);
const read = (name) => readFileSync(new URL(name, here), "utf8");
const hash = (text, encoding) => createHash("sha256").update(text).digest(encoding);

/* Name, zero byte, content, zero byte of each, in the order of their names; a test compares it with the sources. */
function sources() {
  const names = ["build.js", "package-lock.json", "package.json", "page.html", "workbench.html", ...walk("src")].sort();
  return hash(names.map((name) => `${name}\0${read(name)}\0`).join(""), "hex");
}

function walk(folder) {
  return readdirSync(new URL(folder, here), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(here.pathname, join(entry.parentPath, entry.name)));
}

/* Script and style of an entry. */
async function built(entry) {
  const [{ output }] = await build({
    root: here.pathname,
    configFile: false,
    logLevel: "warn",
    build: {
      write: false,
      target: "es2022",
      lib: { entry, formats: ["iife"], name: "onpu", cssFileName: "page" },
    },
  });
  return {
    script: output.find((part) => part.type === "chunk").code.trim().replaceAll("</script", "<\\/script"),
    style: output.find((part) => part.fileName.endsWith(".css")).source.trim(),
  };
}

const wavesurfer = `wavesurfer.js, part of the script below:\n\n${read("node_modules/wavesurfer.js/LICENSE").trim()}`;
const stretch = `signalsmith-stretch, part of the script below, is by Geraint Luff / Signalsmith Audio Ltd., under the same MIT licence.`;

function write(template, out, parts) {
  const page = read(template).replace(/@(\w+)@/g, (_, name) => parts[name]);
  writeFileSync(new URL(`../src/onpu/${out}`, here), page);
}

const report = await built("src/main.js");
const policy = [
  "default-src 'none'",
  `script-src 'sha256-${hash(report.script, "base64")}'`,
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "media-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
write("page.html", "formats/report/page.html", { ...report, policy, sources: sources(), licence: wavesurfer });
/* Its policy is said by the server. */
const workbench = await built("src/workbench/main.js");
write("workbench.html", "workbench/page.html", { ...workbench, sources: sources(), licence: `${wavesurfer}\n\n${stretch}` });
