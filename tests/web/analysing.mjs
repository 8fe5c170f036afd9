/* What the package of the page finds in songs, and what the page does with them.

   node analysing.mjs CHROMIUM ADDRESS JOB.json ANSWER.json

   job: songs (paths), tasks or null, threads or null, page (a song to drop on the page itself, and a file that is none).
   answer: found, of each song
   {timeline, seconds, stages} or {error, code}; page. */

import { readFileSync, writeFileSync } from "node:fs";
import { faults, launch, newPage } from "./headless.mjs";

const [, , chromium, address, jobFile, answerFile] = process.argv;
const job = JSON.parse(readFileSync(jobFile, "utf8"));
const { browser, close } = await launch(chromium);
try {
  const { page, complaints } = await newPage(browser, 600_000);
  const requests = [];
  page.on("request", (request) => /^(blob|data):/.test(request.url()) || request.url().startsWith(address) || requests.push(request.url()));
  await page.goto(`${address}index.html`);
  await page.waitForFunction(() => crossOriginIsolated);
  const answer = { found: [] };
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "given", hidden: true })));
  for (const song of job.songs) {
    await page.locator("#given").setInputFiles(song);
    answer.found.push(await page.evaluate(heard, { tasks: job.tasks, threads: job.threads }));
  }
  if (job.page) answer.page = await used(page, job.page);
  writeFileSync(answerFile, JSON.stringify({ ...answer, complaints, requests }));
} finally {
  await close();
}

/* In the page. */
async function heard({ tasks, threads }) {
  const { analyze } = await import("./onpu/onpu.js");
  const file = document.getElementById("given").files[0];
  const begin = performance.now();
  const stages = {};
  const onprogress = (stage) => (stages[stage] ??= (performance.now() - begin) / 1000);
  try {
    const timeline = await analyze(file, { tasks, onprogress, ...(threads ? { threads } : {}) });
    return { timeline, stages, seconds: (performance.now() - begin) / 1000 };
  } catch (error) {
    return { error: error.message, code: error.code };
  }
}

/* As a visitor uses it. */
async function used(page, { song, wrong }) {
  const told = { faults: await faults(page) };
  await page.locator("#file").setInputFiles(wrong);
  await page.locator("#error:not([hidden])").waitFor();
  told.wrong = await page.locator("#error").textContent();
  await page.locator("#language").selectOption("ja");
  told.japanese = await page.locator("#error").textContent();
  await page.locator("#language").selectOption("en");
  await page.locator("#file").setInputFiles(song);
  await page.locator("#result:not([hidden])").waitFor();
  const report = page.frameLocator("#report");
  await report.locator("header h1").waitFor();
  told.heading = await report.locator("header h1").textContent();
  told.chords = await report.locator(".lane.chords").first().textContent();
  told.saved = await page.evaluate(async () => (await (await fetch(document.getElementById("json").href)).json()).duration);
  told.faults.push(...await faults(page));
  await page.setViewportSize({ width: 390, height: 800 });
  told.wide = await page.evaluate(() => document.documentElement.scrollWidth);
  told.long = await page.evaluate(async () => {
    const { analyze } = await import("./onpu/onpu.js");
    return analyze({ channels: [new Float32Array(8000 * 901)], rate: 8000 }).catch(({ code, message }) => [code, message]);
  });
  await page.locator("#another").click();
  told.focused = await page.evaluate(() => document.activeElement.id);
  return told;
}
