/* A headless Chromium with a profile of its own, and what tests ask of every page. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "../../web/node_modules/playwright-core/index.mjs";

const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"];
const axe = () => readFileSync(new URL("../../web/node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/* The browser's context; close() ends it and takes its profile away. more: options of playwright. */
export async function launch(executablePath, more = {}) {
  const profile = mkdtempSync(join(tmpdir(), "onpu-browser-"));
  const browser = await chromium.launchPersistentContext(profile,
    { executablePath, headless: true, viewport: { width: 1280, height: 900 }, args: ARGUMENTS, ...more });
  return { browser, async close() {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  } };
}

/* A new page; complaints: what it tells of errors and warnings, but for texts that hold `expected`. */
export async function newPage(browser, timeout, expected = "\0") {
  const page = await browser.newPage();
  const complaints = [];
  page.setDefaultTimeout(timeout);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && !message.text().includes(expected) && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.stack));
  return { page, complaints };
}

/* Kinds of serious faults that axe finds; it is run in an isolated world, which the page's policy does not touch. */
export async function faults(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const expression = `${axe()}; axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target).join(", ")))`;
  const { result } = await session.send("Runtime.evaluate", { expression, contextId, awaitPromise: true, returnByValue: true });
  return result.value;
}
