/* Uses the workbench in a headless Chromium and prints what happened there as JSON:
   node workbench.mjs CHROMIUM ADDRESS FOLDER PART

PART: "first" loads FOLDER/song.wav and FOLDER/broken.wav, corrects, saves and exports; "again" looks at what has become of
it after a restart. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { faults, launch, newPage } from "./headless.mjs";

const [executablePath, address, folder, part] = process.argv.slice(2);
const { browser, close } = await launch(executablePath, { slowMo: 80, acceptDownloads: true }); // a hand is no faster
const { page, complaints } = await newPage(browser, 180_000);

const texts = (selector) => page.locator(selector).allInnerTexts();
const chords = () => page.locator(".sheet .symbol").evaluateAll((all) => all.map((symbol) => symbol.getAttribute("aria-label")));
const decided = () => page.waitForFunction(() => document.querySelector(".status").textContent && !document.querySelector(".status.busy"));
const text = (selector) => page.locator(selector).first().innerText();
async function open() {
  await page.goto(address);
  await page.locator(".song a.title[href]").first().click();
  await page.waitForSelector("footer");
}

async function first() {
  const out = {};
  await page.goto(address);
  await page.waitForSelector(".nothing .big");
  out.empty = await text(".nothing .big");
  await page.setInputFiles('input[type="file"]:not([webkitdirectory])', [join(folder, "song.wav"), join(folder, "broken.wav")]);
  await page.waitForSelector(".uploads .failed");
  out.refused = await texts(".uploads .failed .note");
  await page.click(".uploads .failed button");
  await page.waitForSelector('.song[data-state="ready"]');
  out.songs = await texts(".song .title");
  out.facts = await texts(".song .facts span");
  await page.fill('input[type="search"]', "metre:3/4");
  await page.waitForSelector(".nothing:not([hidden])");
  out.unfound = await texts(".song .title");
  await page.fill('input[type="search"]', "chords:ii-V-I");
  await page.waitForSelector(".song");
  out.faults = { library: await faults(page) };

  await open();
  out.injected = await page.evaluate(() => window.injected ?? null);
  out.before = { chords: await chords(), bars: await page.locator(".sheet .number").allTextContents() };
  await page.click(".tools .correct");
  out.faults.song = await faults(page);
  await page.locator(".lane.chords .block").nth(1).click();
  await page.fill(".panel input", "no chord at all");
  out.invalid = [await page.locator(".panel .primary").isDisabled(), await text(".panel .bad")];
  await page.fill(".panel input", "Bbm7/Ab");
  out.faults.panel = await faults(page);
  await page.keyboard.press("Enter");
  await decided();
  out.corrected = await chords();
  out.confirmed = await page.locator(".lane.chords .block.confirmed").count();

  await page.click('[title="Bars begin a beat later"]');
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("2"));
  await decided();
  out.shifted = await page.locator(".sheet .number").allTextContents();
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("1"));
  await decided();
  out.undone = { chords: await chords(), bars: await page.locator(".sheet .number").allTextContents() };
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("0"));
  await decided();
  out.original = await chords();
  await page.keyboard.press("Control+Shift+Z");
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("1"));
  await decided();

  /* A note is drawn where there is none, moved up a semitone, and both are undone. */
  const pitched = () => page.evaluate(() => document.querySelector(".lane.notes").getBoundingClientRect().toJSON());
  const notes = await pitched();
  const second = await page.evaluate(() => document.querySelector(".spacer").clientWidth / 8);
  await page.mouse.move(notes.x + 1.25 * second, notes.y + notes.height / 2);
  await page.mouse.down();
  await page.mouse.move(notes.x + 1.5 * second, notes.y + notes.height / 2);
  await page.mouse.move(notes.x + 1.75 * second, notes.y + notes.height / 2);
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("2"));
  await decided();
  await page.mouse.click(notes.x + 0.5 * second, notes.y + notes.height / 2 + 13);
  out.note = await texts(".panel h2");
  await page.keyboard.press("Escape");
  await page.click(".count");
  out.drawn = (await texts(".corrections li span"))[0];
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("1"));
  await decided();

  out.known = await others();
  out.words = await words();

  /* An edge is dragged from the second bar line to a beat later. */
  const block = await page.locator(".lane.chords .block").nth(2).boundingBox();
  const beat = await page.evaluate(() => document.querySelector(".spacer").clientWidth / 16);
  await page.mouse.move(block.x, block.y + 20);
  await page.mouse.down();
  await page.mouse.move(block.x + 0.5 * beat, block.y + 22);
  await page.mouse.move(block.x + beat + 2, block.y + 22);
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("2"));
  await decided();
  await page.click(".count");
  out.listed = await texts(".corrections li span");
  await page.keyboard.press("Escape");

  await page.route("**/decide", (route) => route.fulfill({ status: 422, json: { error: "this cannot be" } }), { times: 1 });
  await page.click('[title="Every other beat is none"]');
  await page.waitForSelector(".message.error");
  out.impossible = [await text(".message.error span"), (await texts(".count"))[0], await page.locator('[title^="Redo"]').isDisabled()];
  await page.click(".message.error button");
  await page.unroute("**/decide");

  out.dirty = await text(".heading .primary");
  await page.keyboard.press("Control+s");
  await page.fill('.dialog input[aria-label="Your name"]', "Ann <img src=x onerror=window.injected=1>");
  await page.fill('.dialog input[aria-label="Note"]', "second chord");
  await page.click(".dialog .primary");
  await page.waitForFunction(() => document.querySelector(".heading .primary").textContent === "Saved");
  await page.click('[title="Versions"]');
  out.versions = await texts(".versions li");
  await page.keyboard.press("Escape");
  out.exports = {};
  for (const [name, format] of [["JAMS", "jams"], ["MIDI", "midi"]]) {
    await page.click('[title="Export"]');
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`.items button:has-text("${name}")`)]);
    const bytes = readFileSync(await download.path());
    out.exports[format] = [download.suggestedFilename(), format === "jams" ? bytes.toString() : bytes.subarray(0, 4).toString()];
  }

  out.learning = await learning();
  await open();
  await page.click(".tools .correct");

  /* Leaving with something unsaved asks; what is unsaved is there again when the page is opened anew. */
  await page.locator(".lane.chords .block").first().click();
  await page.fill(".panel input", "Em");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector(".count").textContent.startsWith("4") || document.querySelector(".count").textContent.startsWith("3"));
  await decided();
  await page.click(".home");
  out.asked = await text(".dialog h2");
  await page.click('.dialog button[value=""]');
  await page.waitForFunction(() => location.hash.startsWith("#/song/")); // the address comes back after the answer
  out.stayed = await page.locator(".tools").isVisible();
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload();
  await page.waitForFunction(() => document.querySelector(".sheet .symbol")?.getAttribute("aria-label") === "Em");
  out.resumed = (await chords())[0];

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  out.overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  out.small = await page.locator(".desk main button, .desk select, .desk header button").evaluateAll((all) => all
    .filter((each) => each.checkVisibility() && !each.closest(".lane, .sheet, .confidence, .margin"))
    .map((each) => [each.getBoundingClientRect(), each.textContent]).filter(([{ height }]) => height < 43.5).map(([, name]) => name));
  out.faults.dark = await faults(page);
  await page.selectOption(".languages", "ja").catch(() => {});
  await page.click('.dialog button[value="yes"]');
  await page.waitForFunction(() => document.documentElement.lang === "ja");
  await page.waitForSelector("footer");
  out.japanese = await text(".tools .correct");
  return out;
}

/* Words come from a file, one of them is typed over, and all is undone. */
async function words() {
  const counted = (start) => page.waitForFunction((text) => document.querySelector(".count").textContent.startsWith(text), start).then(decided);
  await page.setInputFiles('input[accept=".lrc,.txt"]', join(folder, "song.lrc"));
  await counted("2");
  const out = { lane: await texts(".words > span"), line: await text(".line-now"), next: await text(".line-next") };
  await page.locator(".lane.voice .block").nth(1).click();
  await page.fill(".panel input", "leaf-");
  await page.keyboard.press("Enter");
  await counted("3");
  out.typed = await text(".line-now");
  await page.click(".count");
  out.listed = await page.locator(".corrections li").nth(1).locator("span").innerText();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  await counted("2");
  await page.keyboard.press("Control+z");
  await counted("1");
  out.left = await texts(".words > span");
  return out;
}

/* Beats, a key and sections are set right, and all of it is undone. */
async function others() {
  const out = {};
  const box = (lane) => page.locator(`.lane.${lane}`).boundingBox();
  const beat = await page.evaluate(() => document.querySelector(".spacer").clientWidth / 16);
  const done = async (count) => {
    await page.waitForFunction((count) => document.querySelector(".count").textContent.startsWith(String(count)), count);
    await decided();
  };
  const bars = await box("beats");
  await page.mouse.click(bars.x + 5 * beat, bars.y + bars.height / 2);
  out.beat = await text(".panel h2");
  await page.click('.panel button:has-text("Not a beat")');
  await done(2);
  out.gone = await texts(".tools .status");
  await page.mouse.click(bars.x + 6 * beat, bars.y + bars.height / 2);
  await page.click('.panel button:has-text("Bar begins here")');
  await done(3);
  out.bars = await page.locator(".sheet .number").allTextContents();
  const keys = await box("keys");
  await page.mouse.click(keys.x + 2 * beat, keys.y + keys.height / 2);
  await page.selectOption('.panel select[aria-label="Mode"]', "minor");
  await page.selectOption('.panel select[aria-label="Tonic"]', "A");
  await page.click('.panel button:has-text("Set")');
  await done(4);
  out.key = await texts(".lane.keys .block");
  const sections = await box("sections");
  await page.mouse.click(sections.x + 2 * beat, sections.y + sections.height / 2);
  await page.fill('.panel input[aria-label="Name of the section"]', "verse");
  await page.keyboard.press("Enter");
  await done(5);
  await page.mouse.click(sections.x + 2 * beat, sections.y + sections.height / 2);
  await page.click('.panel button:has-text("Join with next")');
  await done(6);
  out.sections = await texts(".lane.sections .block");
  await page.click(".count");
  out.listed = await texts(".corrections li span");
  await page.keyboard.press("Escape");
  for (let left = 5; left >= 1; left--) {
    await page.keyboard.press("Control+z");
    await done(left);
  }
  return out;
}

/* What is right is confirmed; it is learned from, given up, and learned from again. */
async function learning() {
  const out = {};
  await page.click('[title^="Say what is right"]');
  out.confirmable = await texts(".dialog .check");
  for (const task of ["Beats and bars", "Chords"]) await page.locator(".dialog .check", { hasText: task }).locator("input").check();
  await page.click(".dialog .primary");
  await page.waitForFunction(() => document.querySelector(".message:last-child span")?.textContent.startsWith("Saved as version"));
  await page.click(".home");
  await page.click('a[href="#/learning"]');
  await page.waitForSelector(".tasks");
  out.tasks = await texts(".tasks li");
  out.faults = [await faults(page)];
  await page.locator(".tasks li", { hasText: "Chords" }).locator("input").uncheck();
  await page.focus('[data-name="begin"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector(".running");
  out.running = await text(".running [role=status]");
  out.faults.push(await faults(page));
  await page.click('[data-name="stop"]');
  await page.waitForSelector('[data-name="begin"]');
  out.stopped = await page.locator(".verdicts").count();
  await page.click('[data-name="begin"]');
  await page.waitForSelector(".verdicts .tag");
  out.verdict = await text(".verdicts li");
  await page.setViewportSize({ width: 390, height: 844 });
  out.overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  out.small = await page.locator(".learning button, .learning label, .learning summary").evaluateAll((all) => all
    .filter((each) => each.getBoundingClientRect().height < 43.5).map((each) => each.textContent));
  out.faults.push(await faults(page));
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.click('[data-name="shipped-beats"]');
  await page.waitForSelector('[data-name="use-beats-1"]');
  out.back = await page.locator(".verdicts .tag").count();
  await page.click('[data-name="use-beats-1"]');
  await page.waitForSelector(".verdicts .tag");
  await page.click(".home");
  await page.waitForSelector(".song");
  return out;
}

async function again() {
  await page.goto(address);
  await page.waitForSelector('.song[data-state="ready"]');
  const out = { songs: await texts(".song .title") };
  /* A song that other weights have heard is heard anew, and what was set right stays. */
  await page.click('.song .acts button:has-text("Hear again")');
  await page.waitForFunction(() => document.querySelector(".song .acts button:not(.remove):not([hidden])") === null);
  await page.click('a[href="#/learning"]');
  await page.waitForSelector(".verdicts .tag");
  out.learned = await texts(".verdicts b");
  await page.click(".home");
  await open();
  out.chords = await chords();
  await page.click('[title="Versions"]');
  await page.locator(".versions li", { hasText: "Version 1" }).locator("button").click();
  await page.waitForFunction(() => document.querySelector('[title="Versions"]')?.textContent === "Version 5");
  out.restored = await chords();
  await page.click(".home");
  await page.click(".song .remove");
  out.asked = await text(".dialog h2");
  await page.click(".dialog .danger");
  await page.waitForSelector(".nothing .big");
  out.left = await texts(".song .title");
  return out;
}

try {
  console.log(JSON.stringify({ ...(await { first, again }[part]()), complaints }));
} finally {
  await close();
}
