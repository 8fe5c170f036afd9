/* Plays with a song in a headless Chromium, and prints what happened there as JSON: stems, click, Drumix, making.
   node mixing.mjs CHROMIUM ADDRESS RECORDING

What is connected to the sound card is recorded, and onsets of the click and of the recording are found in it. */

import { readFileSync } from "node:fs";

import { faults, launch, newPage } from "./headless.mjs";

const [executablePath, address, recording] = process.argv.slice(2);
const { browser, close } = await launch(executablePath, { acceptDownloads: true });
const { page, complaints } = await newPage(browser, 180_000, "ScriptProcessorNode");
const loading = new Set(); // kits and their strokes
page.on("request", (request) => request.url().includes("/drums/kits/") && loading.add(request));
for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => loading.delete(request));
await page.addInitScript(() => {
  window.recorded = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !this.heard) {
      this.heard = true;
      to.recorder ??= (() => {
        const recorder = to.context.createScriptProcessor(4096, 2, 1);
        recorder.onaudioprocess = (event) => window.recorded.push([to.context.sampleRate, Float32Array.from(event.inputBuffer.getChannelData(0))]);
        connect.call(recorder, to);
        return recorder;
      })();
      connect.call(this, to.recorder);
    }
    return connect.call(this, to, ...rest);
  };
});

/* Plays for some seconds; the blocks that were heard. */
async function heard(seconds) {
  await page.evaluate(() => (window.recorded = []));
  await page.click(".controls .play");
  await page.waitForFunction((wanted) => window.recorded.length * 4096 > wanted * window.recorded[0]?.[0], seconds);
  await page.click(".controls .play");
  return page.evaluate(() => ({ rate: window.recorded[0][0], samples: window.recorded.flatMap(([, block]) => Array.from(block, (value) => Math.round(value * 1e4))) }));
}
const small = () => page.locator(".desk main button, .desk select, .desk input, .making select, .making input").evaluateAll((all) => all
  .filter((each) => each.checkVisibility() && each.type !== "checkbox" && each.type !== "range" && !each.closest(".lane, .sheet, .confidence, .margin"))
  .map((each) => [each.getBoundingClientRect(), each.textContent || each.getAttribute("aria-label")]).filter(([{ height }]) => height < 43.5).map(([, name]) => name));
const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

const out = { faults: {} };
try {
  await page.goto(address);
  await page.setInputFiles('input[type="file"]:not([webkitdirectory])', [recording]);
  await page.waitForSelector('.song[data-state="ready"]');
  await page.locator(".song a.title[href]").first().click();
  await page.waitForSelector("footer");

  await page.click('summary:has-text("Falling notes")');
  await page.waitForTimeout(1500);  // the first frames are drawn
  out.falling = await page.evaluate(() => {
    const canvas = document.querySelector(".falling canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(Array.from({ length: data.length / 4 }, (_, pixel) => data.slice(4 * pixel, 4 * pixel + 3).join())).size;
  });
  await page.setViewportSize({ width: 390, height: 250 });
  await page.click('summary:has-text("Engraved sheets")');
  await page.waitForSelector(".engraved figure, .engraved div > p:not([role])"); // a text where verovio is not installed
  if (await page.locator(".engraved figure").count())
    await page.waitForFunction(() => [...document.querySelectorAll(".following")].at(-1)?.shadowRoot.querySelector("g.measure > .cursor"));
  out.sheets = await page.evaluate(() => [...document.querySelectorAll(".following")].map(({ shadowRoot }) =>
    [shadowRoot.querySelectorAll("g.measure").length, shadowRoot.querySelectorAll("g.measure > .cursor").length]));
  /* The sheet has pages, which go with the player until the user turns them. */
  const turned = () => page.locator(".turning span").first().textContent();
  out.pages = out.sheets.length ? [await turned()] : [];
  if (out.sheets.length) {
    await page.evaluate(() => document.activeElement.blur());
    for (let bar = 0; bar < 3; bar++) await page.keyboard.press("ArrowRight");
    await page.waitForFunction((before) => document.querySelector(".turning span").textContent !== before, out.pages[0]);
    out.pages.push(await turned());
    await page.locator('.turning button[aria-label="Page before"]').first().click();
    out.pages.push(await turned());
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  /* The click goes with the recording itself, as with its parts. */
  await page.keyboard.press("Home");
  await page.click('button:text-is("Click")');
  out.plain = await heard(3);
  await page.click('button:text-is("Click")');
  await page.keyboard.press("Home");
  await page.click('summary:has-text("Stems")');
  await page.click("text=Take the song apart");
  await page.waitForSelector(".strip");
  out.parts = await page.locator(".strip .part-name").allInnerTexts();
  out.lane = await page.locator(".lane.stems").count();
  await page.click('button:text-is("Click")');
  out.clicked = await heard(3);

  await page.click('summary:has-text("Drumix")');
  await page.click("text=Change the drums");
  await page.waitForSelector(".steps button");
  await page.selectOption('select[title="Pattern of all drums"]', "rock");
  await page.click('.steps [data-row="crash"][data-step="0"]');
  out.drawn = await page.locator(".drumix select[aria-label='Pattern: Cymbals']").inputValue();
  out.faults.mixing = await faults(page);
  for (const name of ["Voice", "Bass", "The rest"]) await page.click(`.strips button[aria-label="Mute: ${name}"]`);
  await page.click('button:text-is("Click")');
  while (loading.size) await page.waitForTimeout(100);
  await page.waitForTimeout(1000); // the last stroke is decoded
  out.beaten = await heard(3);
  for (const name of ["Kick", "Snare", "Hi-hat", "Toms", "Cymbals"]) await page.click(`.drumix button[aria-label="Mute: ${name}"]`);
  out.silent = await heard(1);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Write as a file")]);
  out.written = [download.suggestedFilename(), readFileSync(await download.path()).subarray(0, 4).toString()];

  await page.setViewportSize({ width: 390, height: 844 });
  out.small = await small();
  out.overflow = [await overflow()];
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.click('button[title^="Make something of"]');
  await page.click('.items button:has-text("A melody after this")');
  await page.waitForSelector(".making form");
  out.given = await page.locator(".passage select").inputValue();
  out.faults.making = await faults(page);
  await page.fill('.making input[name="bars"]', "0");
  await page.click('.making button[type="submit"]');
  await page.waitForFunction(() => document.querySelector(".making .bad").textContent);
  out.bad = await page.locator(".making .bad").innerText();
  await page.fill('.making input[name="bars"]', "1");
  await page.fill('.making input[name="candidates"]', "1");
  await page.fill('.making input[aria-label="Title"]', "Made <img src=x onerror=window.injected=1>");
  await page.click('.making button[type="submit"]');
  await page.waitForSelector(".making [role=status] a");
  await page.setViewportSize({ width: 390, height: 844 });
  out.small.push(...await small());
  out.overflow.push(await overflow());
  await page.goto(address);
  await page.waitForSelector('.song[data-state="ready"] >> nth=1');
  out.songs = await page.locator(".song .title").allInnerTexts();
  out.injected = await page.evaluate(() => window.injected ?? null);
  console.log(JSON.stringify({ ...out, complaints }));
} finally {
  await close();
}
