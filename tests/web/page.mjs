/* Opens pages in a headless Chromium and prints what happened there as JSON: node page.mjs CHROMIUM FOLDER

FOLDER holds whole.html, silent.html (no recording), bare.html (a recording with nothing found), empty.html and
   apart.html (a recording with two parts). */

import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./headless.mjs";

const [executablePath, folder] = process.argv.slice(2);
const { browser, close } = await launch(executablePath);
const complaints = [];
const requests = [];

async function open(name) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${name}: ${error.message}`));
  page.on("request", (request) => !/^(file|data|blob):/.test(request.url()) && requests.push(request.url()));
  await page.goto(pathToFileURL(join(folder, name)).href);
  await page.waitForSelector("footer");
  return page;
}

const texts = (page, selector) => page.locator(selector).allInnerTexts();
const symbols = (page, selector) =>
  page.locator(`${selector} .symbol`).evaluateAll((all) => all.map((symbol) => symbol.getAttribute("aria-label")));
const cursor = (page) => page.locator(".sticky > .cursor").evaluate((line) => new DOMMatrix(getComputedStyle(line).transform).e);
const shown = (page) => page.evaluate(() => ["h1:not(.title)", ".now", ".controls", ".overview", ".stage", ".lane.waveform",
  ".lane.spectrogram", ".lane.chroma", ".lane.chords", ".lane.keys", ".lane.beats", ".sheet", ".sheet .title", ".play",
  ".confidence", ".lane.notes", ".lane.melody", ".lane.drums", ".lane.voice", ".legend"].filter((selector) => document.querySelector(selector)?.checkVisibility()));

/* In the page: what it shows at once after a click on an element, at a share of the recording's length. */
function clicked({ selector, share }) {
  const element = document.querySelector(selector);
  const left = element.getBoundingClientRect().left;
  const clientX = share === undefined ? left + 1 : left + share * document.querySelector(".spacer").clientWidth;
  element.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, clientX, button: 0 }));
  element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, clientX }));
  const text = (name) => document.querySelector(name).textContent;
  return { time: text(".time"), place: text(".place"), current: document.querySelector(".bar.current").dataset.bar };
}

/* In the page: what is said of the first thing under the pointer, looking down a lane at a time in seconds, from a
   share of its height on; null where there is nothing. */
function pointed({ lane, time, from }) {
  const element = document.querySelector(`.lane.${lane}`);
  const { left, top, height } = element.getBoundingClientRect();
  const scale = document.querySelector(".spacer").clientWidth / 15;
  for (let y = Math.round(from * height); y < height; y++) {
    element.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: left + time * scale, clientY: top + y }));
    const tip = document.querySelector(".tip");
    if (tip && !tip.hidden) return [...tip.children].map((line) => line.textContent);
  }
  return null;
}

/* Waits for the music that a click has started, and stops it. */
async function paused(page) {
  await page.waitForSelector('.play[aria-label="Pause"]');
  await page.keyboard.press("Space");
  await page.waitForSelector('.play[aria-label="Play"]');
}

async function whole() {
  const page = await open("whole.html");
  const out = { title: await page.title(), heading: await texts(page, "h1"), shown: await shown(page) };
  out.injected = await page.evaluate(() => window.injected ?? null);
  out.sheet = await symbols(page, ".sheet");
  out.bars = await texts(page, ".sheet .number");
  out.lane = await symbols(page, ".lane.chords");

  out.before = await cursor(page);
  await page.keyboard.press("Space");
  await page.waitForFunction((x) => new DOMMatrix(getComputedStyle(document.querySelector(".sticky > .cursor")).transform).e > x + 40,
    out.before);
  out.playing = await page.locator(".play").getAttribute("aria-label");
  out.after = await cursor(page);
  await page.keyboard.press("Space");
  await page.waitForSelector('.play[aria-label="Play"]');

  out.sheetClick = await page.evaluate(clicked, { selector: '.sheet [data-bar="4"]' });
  await paused(page);
  await page.evaluate(() => (document.querySelector(".pane").scrollLeft = 0));
  out.laneClick = await page.evaluate(clicked, { selector: ".lane.beats", share: 5 / 15 });
  await paused(page);

  for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowUp");
  out.transposed = { sheet: await symbols(page, ".sheet"), key: await texts(page, ".value.key"), steps: await texts(page, "output") };
  await page.locator(".transpose button").first().click();
  await page.locator(".transpose button").first().click();
  out.back = await symbols(page, ".sheet");

  out.tips = {};
  for (const [name, at] of Object.entries({ notes: { lane: "notes", time: 0.9, from: 0 }, melody: { lane: "melody", time: 0.3, from: 0 },
    pedal: { lane: "notes", time: 2, from: 0.95 }, drums: { lane: "drums", time: 0.76, from: 0 } }))
    out.tips[name] = await page.evaluate(pointed, at);
  for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowUp");
  out.tips.transposed = await page.evaluate(pointed, { lane: "notes", time: 0.9, from: 0 });
  for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowDown");
  out.syllables = [await page.locator(".lane.voice .block").count(), ...await texts(page, ".lane.voice .words > span")];
  out.instruments = await texts(page, ".instruments .chip");
  await page.locator(".instruments .chip").first().click();
  await page.locator('.chip[title="Show or hide: Melody"]').click();
  out.hidden = {
    lane: await page.locator(".lane.melody").isVisible(),
    caption: await page.locator(".caption", { hasText: "Melody" }).isVisible(),
    tip: await page.evaluate(pointed, { lane: "notes", time: 0.9, from: 0 }),
  };

  const wide = () => page.locator(".spacer").evaluate((spacer) => spacer.clientWidth);
  out.widths = [await wide()];
  await page.keyboard.press("+");
  out.widths.push(await wide());
  await page.keyboard.press("0");
  out.widths.push(await wide());
  out.pane = await page.locator(".pane").evaluate((pane) => pane.clientWidth);

  await page.locator(".confidence summary").click();
  await page.locator("tbody tr").first().waitFor();
  out.rows = await page.locator("tbody tr").count();
  await page.emulateMedia({ media: "print" });
  out.printed = await shown(page);
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  out.dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.setViewportSize({ width: 390, height: 844 });
  out.overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  out.captions = await page.locator(".caption").evaluateAll((all) => all.filter((caption) =>
    caption.checkVisibility({ visibilityProperty: true })).map((caption) => caption.innerText.split("\n")[0]));
  const touch = await page.context().newCDPSession(page);
  await touch.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 1 });
  out.touched = await page.locator(".controls button, .controls select, .chip, .sheet header button").evaluateAll((all) =>
    Math.min(...all.filter((control) => control.checkVisibility()).map((control) => control.getBoundingClientRect().height)));
  return out;
}

async function part(name) {
  const page = await open(name);
  const out = { shown: await shown(page) };
  const bar = page.locator('.sheet [data-bar="2"]');
  if (await bar.count()) {
    await bar.click();
    out.place = await texts(page, ".place");
  }
  return out;
}

/* Parts heard alone and muted: of each sound that plays, whether it is silent, and where it is. */
async function apart() {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    window.sounds = new Set();
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      window.sounds.add(this);
      return play.call(this);
    };
  });
  page.on("pageerror", (error) => complaints.push(`apart: ${error.message}`));
  await page.goto(pathToFileURL(join(folder, "apart.html")).href);
  await page.waitForSelector("footer");
  const heard = () => page.evaluate(() => [...window.sounds].map(({ muted, paused, currentTime }) => ({ muted, paused, currentTime })));
  const out = { names: await texts(page, ".part span") };
  await page.keyboard.press("Space");
  await page.waitForSelector('.play[aria-label="Pause"]');
  out.whole = await heard();
  await page.click('[aria-label="Solo: drums"]');
  await page.waitForFunction(() => [...window.sounds].length === 3 && [...window.sounds].every(({ currentTime }) => currentTime > 1));
  out.solo = await heard();
  await page.click('[aria-label="Solo: drums"]');
  await page.click('[aria-label="Mute: drums"]');
  out.muted = await heard();
  out.pressed = await page.locator('.part button[aria-pressed="true"]').evaluateAll((all) => all.map((each) => each.ariaLabel));
  await page.click('[aria-label="Mute: drums"]');
  await page.waitForFunction(() => [...window.sounds].filter(({ paused }) => paused).length >= 2);
  out.again = await heard();
  return out;
}

try {
  const out = { whole: await whole(), apart: await apart() };
  for (const name of ["silent", "bare", "empty"]) out[name] = await part(`${name}.html`);
  console.log(JSON.stringify({ ...out, complaints, requests }));
} finally {
  await close();
}
